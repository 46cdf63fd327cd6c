#include <gmock/gmock.h>

#include "doctor/capacity.hpp"
#include "unit/doctor/healthy.hpp"

namespace lethe::doctor {
namespace {

using ::testing::HasSubstr;

class LoadChecks : public testing::Test {
 protected:
  Severity of(Check check) const { return check(config, facts).severity; }

  ops::Config config = good_config();
  Facts facts = healthy();
};

// 192 MiB are charged payload and 96 bytes; 1,024 slabs of 256 KiB hold whole blocks (header of 16 bytes, rounded).
TEST_F(LoadChecks, MessagesFitAsTheBudgetAndTheArenaAllow) {
  EXPECT_EQ(messages_that_fit(config, 256), 201'326'592U / (256 + 96));
  EXPECT_EQ(messages_that_fit(config, 65'536), 201'326'592U / (65'536 + 96));
  config.limits.relay.bytes = config.memory.arena;
  EXPECT_EQ(messages_that_fit(config, 256), 268'435'456U / (256 + 96));
  EXPECT_EQ(messages_that_fit(config, 65'536), 1'024U * 3) << "a block of 73,728 bytes, three to a slab";
  EXPECT_EQ(messages_that_fit(config, 1'040 - 16), 1'024U * (262'144 / 1'152));
  const Finding finding = check_messages(config, facts);
  EXPECT_EQ(finding.severity, Severity::ok);
  EXPECT_THAT(finding.what, HasSubstr("762,600 of 256 bytes"));
  config.limits.message.payload = 64;
  EXPECT_THAT(check_messages(config, facts).what, HasSubstr(" of 64 bytes"));
}

TEST_F(LoadChecks, MemoryThatIsTooSmallHasAFixThatFits) {
  EXPECT_EQ(of(check_memory_size), Severity::ok);
  facts.memory.total = ByteCount{2} << 30;
  const Finding finding = check_memory_size(config, facts);
  EXPECT_EQ(finding.severity, Severity::warning);
  EXPECT_THAT(finding.fix, HasSubstr(R"("limits": {"session": {"total": )"));
  facts.memory.total = ByteCount{128} << 20;
  EXPECT_THAT(check_memory_size(config, facts).fix, HasSubstr(R"("memory": {"arena": 67108864}, "limits": {"relay": {"bytes": 50331648}})"));
  facts.memory.total.reset();
  EXPECT_EQ(of(check_memory_size), Severity::note);
  facts.memory.total = memory_at_most(config);
  EXPECT_EQ(of(check_memory_size), Severity::ok);
  facts.memory.overcommit = 2;
  EXPECT_EQ(of(check_memory_size), Severity::note);
}

TEST_F(LoadChecks, OpenFilesMustSufficeForTheSessions) {
  facts.process.open_files = 100'100;
  EXPECT_EQ(of(check_open_files), Severity::ok);
  facts.process.open_files = 100'099;
  facts.host.place = Place::systemd;
  EXPECT_EQ(check_open_files(config, facts).fix, "LimitNOFILE=100100");
  facts.host.place = Place::docker;
  EXPECT_EQ(check_open_files(config, facts).fix, "--ulimit nofile=100100:100100");
  EXPECT_EQ(of(check_open_files), Severity::warning);
  facts.process.open_files = unlimited;
  EXPECT_EQ(of(check_open_files), Severity::ok);
  facts.host.files_of_machine = 50'000;
  EXPECT_EQ(check_open_files(config, facts).fix, "sysctl -w fs.file-max=200200");
  facts.process.open_files.reset();
  EXPECT_EQ(of(check_open_files), Severity::note);
}

TEST_F(LoadChecks, TcpMustTakeACrowd) {
  EXPECT_EQ(of(check_tcp), Severity::ok);
  facts.network.half_open = 128;
  EXPECT_EQ(check_tcp(config, facts).fix, "sysctl -w net.ipv4.tcp_max_syn_backlog=4096");
  facts.network.backlog = 128;
  EXPECT_EQ(check_tcp(config, facts).fix, "sysctl -w net.core.somaxconn=4096");
  EXPECT_EQ(of(check_tcp), Severity::note);
  facts.network.syn_cookies = false;
  EXPECT_EQ(of(check_tcp), Severity::warning);
  facts.network = {};
  EXPECT_THAT(check_tcp(config, facts).what, HasSubstr("can't be seen"));
}

TEST_F(LoadChecks, TrackedConnectionsMustSufficeForTheSessions) {
  EXPECT_EQ(of(check_connection_tracking), Severity::ok);
  facts.network.tracked = 125'000;
  EXPECT_EQ(of(check_connection_tracking), Severity::ok);
  facts.network.tracked = 65'536;
  EXPECT_EQ(of(check_connection_tracking), Severity::warning);
  EXPECT_EQ(check_connection_tracking(config, facts).fix, "sysctl -w net.netfilter.nf_conntrack_max=125000");
}

}  // namespace
}  // namespace lethe::doctor
