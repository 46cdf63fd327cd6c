#include "ops/log_printer.hpp"

#include <gtest/gtest.h>

#include "unit/ops/fields.hpp"
#include "unit/ops/pipe.hpp"

namespace lethe::ops {
namespace {

class Printer : public testing::Test {
 protected:
  void put(const EventRecord& record) const { put(std::string{record.begin(), record.end()}); }
  void put(std::string_view bytes) const {
    ASSERT_EQ(::write(log.out.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  // The lines without their times.
  std::string printed() {
    printer.read();
    printer.output().flush();
    std::string text;
    for (std::string rest = output.take(); !rest.empty();) {
      const auto end = rest.find('\n');
      const bool dated = rest.starts_with("20");
      text += rest.substr(dated ? 25 : 0, end + 1 - (dated ? 25 : 0));
      rest = rest.substr(end + 1);
    }
    return text;
  }

  test::Pipe log;
  test::Pipe output;
  LogPrinter printer{LogConfig{Severity::debug, LogFormat::text}, log.in.get(), output.out.get()};
};

TEST_F(Printer, PrintsTheRecordsThatCome) {
  put(encode({Severity::info, Event::listening, test::at_port(8'443)}));
  put(encode({Severity::error, Event::accept_failed, test::failed(error_code{24, boost::system::system_category()})}));
  EXPECT_EQ(printed(), "info listening port=8443\nerror accept_failed error=system:24\n");
}

TEST_F(Printer, PrintsNothingOfWhatIsNoRecordButCountsIt) {
  const std::string text = "payload that must not be printed, one that is longer than a record of ninety-six bytes is, so that it fills two of them. And a bit.";
  EventRecord unknown = encode({Severity::info, Event::stopped, {}});
  unknown[0] = 200;
  put(text.substr(0, 96));
  put(unknown);
  EXPECT_EQ(printed(), "error malformed_record count=2\n");
  put(encode({Severity::info, Event::stopped, {}}));
  EXPECT_EQ(printed(), "info stopped\n");
}

TEST_F(Printer, WaitsForTheRestOfARecord) {
  const EventRecord record = encode({Severity::info, Event::drained, test::counted(3)});
  const std::string bytes{record.begin(), record.end()};
  put(bytes.substr(0, 40));
  EXPECT_EQ(printed(), "");
  put(bytes.substr(40));
  EXPECT_EQ(printed(), "info drained count=3\n");
}

TEST_F(Printer, CountsARecordThatItsWriterDidNotFinish) {
  put("half");
  log.out.reset();
  EXPECT_EQ(printed(), "error malformed_record count=1\n");
  EXPECT_FALSE(printer.read());
}

// A digest has room for 32 bytes of anything: each is believed once.
TEST_F(Printer, PrintsEachDigestOnce) {
  EventFields fields;
  fields.digest = Digest{{1}};
  for (int i = 0; i < 3; ++i) put(encode({Severity::info, Event::development_certificate, fields}));
  fields.level = 2;
  put(encode({Severity::info, Event::lockdown, fields}));
  put(encode({Severity::info, Event::lockdown, fields}));
  const std::string digest = "01" + std::string(62, '0');
  EXPECT_EQ(printed(), "info development_certificate\ndevelopment certificate, SHA-256 " + digest + "\n" +
                           "info lockdown level=2 filter=" + digest + "\nerror malformed_record count=3\n");
}

TEST_F(Printer, DoesNotLetTheRelaySpeakForTheBroker) {
  for (const Event event : {Event::relay_killed, Event::malformed_record, Event::nothing_to_reload, Event::settings_rejected, Event::needs_restart}) {
    put(encode({Severity::error, event, {}}));
  }
  EXPECT_EQ(printed(), "error malformed_record count=5\n");
}

TEST_F(Printer, LeavesTheRecordsInThePipeWhereTheOutputIsFull) {
  output.fill();
  for (int i = 0; i < 400; ++i) put(encode({Severity::info, Event::draining, {}}));
  EXPECT_TRUE(printer.read());
  EXPECT_TRUE(printer.output().full());
  EXPECT_GT(log.take().size(), 0U);
}

}  // namespace
}  // namespace lethe::ops
