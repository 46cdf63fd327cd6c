// An evidence directory as a whole: written, verified, explained.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <regex>
#include <sstream>

#include <nlohmann/json.hpp>

#include "audit/report/checks.hpp"
#include "audit/report/digest.hpp"
#include "audit/report/evidence.hpp"
#include "audit/report/explain.hpp"
#include "audit/report/report_json.hpp"
#include "audit/report/verify.hpp"
#include "audit/report/write_reports.hpp"
#include "support/temporary_directory.hpp"
#include "unit/audit/report_samples.hpp"

namespace lethe::audit {
namespace {

namespace fs = std::filesystem;
using test::TemporaryDirectory;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class EvidenceDirectory : public testing::Test {
 protected:
  EvidenceDirectory() {
    fs::create_directories(directory_ / "raw/audit-1");
    write_file(directory_ / "raw/audit-1/events.log", "nothing\n");
    write_file(directory_ / "raw/a name with blanks", "x");
  }

  void write(Report report) {
    report.evidence = collect_evidence(directory_.path());
    write_reports(report, directory_.path());
  }

  // What verify prints; empty: in order.
  std::string problems() const {
    std::ostringstream out;
    const int status = verify(directory_.path(), out);
    EXPECT_EQ(status == 0, out.str().rfind("in order: ", 0) == 0) << out.str();
    return status == 0 ? std::string{} : out.str();
  }

  // Changes a file and makes its digest right again, as one would who forges.
  void forge(const std::string& file, const std::string& from, const std::string& to) {
    auto text = read_file(directory_ / file);
    const auto place = text.find(from);
    ASSERT_NE(place, std::string::npos) << from;
    write_file(directory_ / file, text.replace(place, from.size(), to));
    write_file(directory_ / "SHA256SUMS", checksums_of(directory_.path()));
  }

  TemporaryDirectory directory_;
};

TEST_F(EvidenceDirectory, IsInOrderAsItWasWritten) {
  for (const auto make : {samples::passing, samples::failing, samples::inconclusive, samples::hostile}) {
    write(make());
    EXPECT_EQ(problems(), "");
  }
}

TEST_F(EvidenceDirectory, HasEveryFileThatItNames) {
  write(samples::passing());
  for (const auto name : report_files) EXPECT_TRUE(fs::exists(directory_ / std::string{name})) << name;
}

TEST_F(EvidenceDirectory, HasSumsThatSha256sumAccepts) {
  write(samples::hostile());
  const auto command = "cd '" + directory_.path() + "' && sha256sum --check --strict --quiet SHA256SUMS";
  EXPECT_EQ(std::system(command.c_str()), 0);
}

TEST_F(EvidenceDirectory, IsTheSameWhenItIsWrittenTwice) {
  write(samples::failing());
  const auto sums = read_file(directory_ / "SHA256SUMS");
  write(samples::failing());
  EXPECT_EQ(read_file(directory_ / "SHA256SUMS"), sums);
}

TEST_F(EvidenceDirectory, ShowsAFlippedByteOfAnyFile) {
  write(samples::passing());
  for (const auto& path : files_below(directory_.path())) {
    const auto whole = read_file(directory_ / path);
    auto flipped = whole;
    flipped[whole.size() / 2] = static_cast<char>(flipped[whole.size() / 2] ^ 1);
    write_file(directory_ / path, flipped);
    const auto found = problems();
    EXPECT_NE(found, "") << path;
    EXPECT_TRUE(path == "SHA256SUMS" || found.find(path + ": differs from its digest") != std::string::npos) << found;
    write_file(directory_ / path, whole);
  }
  EXPECT_EQ(problems(), "");
}

TEST_F(EvidenceDirectory, ShowsWhatIsMissingOrWasAdded) {
  write(samples::passing());
  write_file(directory_ / "raw/new", "x");
  EXPECT_THAT(problems(), AllOf(HasSubstr("raw/new: not listed in SHA256SUMS"), HasSubstr("raw/new: evidence that report.json doesn't name")));
  fs::remove(directory_ / "raw/new");
  fs::remove(directory_ / "raw/audit-1/events.log");
  EXPECT_THAT(problems(), AllOf(HasSubstr("events.log: listed in SHA256SUMS, but missing"), HasSubstr("events.log: not the evidence")));
}

TEST_F(EvidenceDirectory, MayHoldASignatureOfItsSums) {
  write(samples::passing());
  write_file(directory_ / "SHA256SUMS.asc", "signed");
  EXPECT_EQ(problems(), "");
  write(samples::passing());
  EXPECT_EQ(problems(), "");
}

TEST_F(EvidenceDirectory, ShowsSumsThatLeadOutOfIt) {
  write(samples::passing());
  const std::string digest(64, '0');
  for (const auto* path : {"../x", "/etc/passwd", "raw/../../x"}) {
    write_file(directory_ / "SHA256SUMS", digest + "  " + path + "\n");
    EXPECT_THAT(problems(), HasSubstr("SHA256SUMS: missing, or not as sha256sum writes it"));
  }
}

TEST_F(EvidenceDirectory, ShowsAForgedVerdictInEachView) {
  struct Forgery {
    const char* file;
    const char* from;
    const char* to;
  };
  const Forgery all[] = {{"report.json", "\"verdict\": \"FAIL\"", "\"verdict\": \"PASS\""},
                         {"report.html", "data-verdict=\"FAIL\"", "data-verdict=\"PASS\""},
                         {"report.md", "# Retention audit: FAIL", "# Retention audit: PASS"},
                         {"junit.xml", "value=\"FAIL\"", "value=\"PASS\""},
                         {"attestation.json", "\"result\": \"FAILED\"", "\"result\": \"PASSED\""},
                         {"attestation.json", "\"verdict\": \"FAIL\"", "\"verdict\": \"PASS\""}};
  for (const auto& forgery : all) {
    write(samples::failing());
    forge(forgery.file, forgery.from, forgery.to);
    EXPECT_THAT(problems(), HasSubstr(forgery.file)) << forgery.from;
  }
}

TEST_F(EvidenceDirectory, ShowsAVerdictThatDoesNotFollowFromTheFindings) {
  auto report = samples::failing();
  report.verdict = Verdict::pass;   // in every view, with digests that are right
  write(report);
  EXPECT_EQ(problems(), "report.json: says PASS, but its findings make it FAIL\n");
}

TEST_F(EvidenceDirectory, ShowsAStatementAboutSomethingElse) {
  write(samples::passing());
  forge("attestation.json", samples::passing().subject.sha256, std::string(64, '0'));
  EXPECT_THAT(problems(), HasSubstr("attestation.json: is about another binary"));
  write(samples::passing());
  forge("attestation.json", digest_of_file(directory_ / "report.json"), std::string(64, '0'));
  EXPECT_THAT(problems(), HasSubstr("attestation.json: is about another report.json"));
}

TEST_F(EvidenceDirectory, ShowsAReportThatBreaksItsSchema) {
  write(samples::passing());
  forge("report.json", "\"seed\": \"1f2e", "\"seed\": \"zzzz");
  EXPECT_THAT(problems(), HasSubstr("report.json: <root>[seed]: "));
  write(samples::passing());
  write_file(directory_ / "report.json", "{");
  EXPECT_THAT(problems(), HasSubstr("report.json: missing, or no JSON"));
}

TEST_F(EvidenceDirectory, IsExplainedOnATerminal) {
  for (const auto make : {samples::passing, samples::failing, samples::inconclusive}) {
    const auto report = make();
    write(report);
    std::ostringstream out;
    EXPECT_EQ(explain(directory_.path(), out), 0);
    const auto text = out.str();
    EXPECT_EQ(text.rfind(std::string{name(report.verdict)} + "  ", 0), 0U);
    const auto lines = std::count(text.begin(), text.end(), '\n');
    EXPECT_GE(lines, 25);
    EXPECT_LE(lines, 50);
    std::istringstream in{text};
    for (std::string line; std::getline(in, line);) EXPECT_LE(line.size(), 104U) << line;
    EXPECT_THAT(text, AllOf(HasSubstr(report.seed), HasSubstr("What to do"), HasSubstr("no claim")));
    std::ostringstream of_file;
    EXPECT_EQ(explain(directory_ / "report.json", of_file), 0);
    EXPECT_EQ(of_file.str(), text);
  }
}

TEST_F(EvidenceDirectory, CannotSteerTheTerminal) {
  write(samples::hostile());
  std::ostringstream out;
  EXPECT_EQ(explain(directory_.path(), out), 0);
  verify(directory_.path(), out);
  EXPECT_THAT(out.str(), Not(testing::ContainsRegex("[\x01-\x09\x0b-\x1f\x7f]")));
}

TEST(Explanation, OfWhatIsNoReportSaysSo) {
  const TemporaryDirectory directory;
  std::ostringstream out;
  EXPECT_EQ(explain(directory / "none.json", out), 1);
  write_file(directory / "other.json", R"({"verdict":"PASS"})");
  EXPECT_EQ(explain(directory / "other.json", out), 1);
  EXPECT_THAT(out.str(), AllOf(HasSubstr("can't read "), HasSubstr("is no report of this version")));
}

}  // namespace
}  // namespace lethe::audit
