#include <gtest/gtest.h>

#include <stdexcept>

#include "audit/report/markup.hpp"
#include "audit/report/sentences.hpp"

namespace lethe::audit {
namespace {

using std::chrono::microseconds;

TEST(PrintableText, KeepsWhatCanBeShown) {
  EXPECT_EQ(printable("plain, «quoted», µs, 漢字, 🙂\n\ttabbed"), "plain, «quoted», µs, 漢字, 🙂\n\ttabbed");
  EXPECT_EQ(one_line("a\nb\tc"), "a b c");
}

TEST(PrintableText, ReplacesWhatSteersATerminalOrDeceivesTheEye) {
  const std::string gone = "\xEF\xBF\xBD";
  EXPECT_EQ(printable("a\x1b[2Jb"), "a" + gone + "[2Jb");
  EXPECT_EQ(printable(std::string{"a\0b", 3}), "a" + gone + "b");
  EXPECT_EQ(printable("\r\x7f"), gone + gone);
  EXPECT_EQ(printable("\xC2\x9B"), gone);                 // CSI as one character
  EXPECT_EQ(printable("\xE2\x80\xAE"), gone);             // U+202E
  EXPECT_EQ(printable("\xE2\x81\xA6"), gone);             // U+2066
  EXPECT_EQ(printable("\xEF\xBB\xBF"), gone);             // U+FEFF
}

TEST(PrintableText, ReplacesBytesThatAreNoUtf8) {
  const std::string gone = "\xEF\xBF\xBD";
  EXPECT_EQ(printable("\xC0\xAF"), gone + gone);          // not the shortest form
  EXPECT_EQ(printable("\xED\xA0\x80"), gone + gone + gone);   // a surrogate
  EXPECT_EQ(printable("\xF4\x90\x80\x80"), gone + gone + gone + gone);   // beyond U+10FFFF
  EXPECT_EQ(printable("\xE2\x82"), gone + gone);          // cut off
  EXPECT_EQ(printable("\x80" "a"), gone + "a");
}

TEST(Markup, EscapesTextAndAttributes) {
  Markup markup;
  markup.element("p", {{"title", "\"'><b>&"}}, "</p><script>&amp;");
  EXPECT_EQ(markup.take(), "<p title=\"&quot;&#39;&gt;&lt;b&gt;&amp;\">&lt;/p&gt;&lt;script&gt;&amp;amp;</p>");
}

TEST(Markup, LetsNothingStayOpen) {
  Markup markup;
  markup.open("p");
  EXPECT_THROW(markup.take(), std::logic_error);
  Markup closed;
  EXPECT_THROW(closed.close(), std::logic_error);
}

TEST(Sentences, GroupDigits) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'000), "1,000");
  EXPECT_EQ(grouped(1'234'567), "1,234,567");
  EXPECT_EQ(counted(1, "look"), "1 look");
  EXPECT_EQ(counted(2, "look"), "2 looks");
}

TEST(Sentences, NameTimesInThreeDigits) {
  EXPECT_EQ(duration_in_words(microseconds{850}), "850 µs");
  EXPECT_EQ(duration_in_words(microseconds{1'234}), "1.23 ms");
  EXPECT_EQ(duration_in_words(microseconds{999'400}), "999 ms");
  EXPECT_EQ(duration_in_words(microseconds{999'700}), "1.00 s");
  EXPECT_EQ(duration_in_words(microseconds{59'990'000}), "1 min 0 s");
  EXPECT_EQ(duration_in_words(microseconds{3'900'000'000}), "1 h 5 min");
}

TEST(Sentences, ListDetectorsByProbeAndName) {
  const Detector detectors[] = {Detector::filter, Detector::swap, Detector::tls};
  EXPECT_EQ(listed(detectors), "P1 filter, P2 swap and P5 tls");
  EXPECT_EQ(listed({}), "no detector");
}

}  // namespace
}  // namespace lethe::audit
