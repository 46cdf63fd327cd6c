// The processes that serve are shut in, say so where they are, and say so where they are not.
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/certificate.hpp"
#include "support/process_view.hpp"
#include "support/wire_peer.hpp"

namespace lethe::test {
namespace {

using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Pair;
using ::testing::StartsWith;

// Memory that every user may lock, so that nothing is missing.
const Settings whole{{"memory.locking", "required"}, {"memory.arena", "2MiB"}, {"limits.relay.bytes", "1MiB"}};

Settings with(Settings settings, const Settings& more) {
  settings.insert(more.begin(), more.end());
  return settings;
}

class Lockdown : public testing::Test {
 protected:
  void SetUp() override {
    if (!locks_down()) GTEST_SKIP() << "sanitizers need what the lock-down forbids";
  }
  static Json relay_page(const RelayProcess& relay) {
    return Json::parse(ask(relay.port(), "GET /.well-known/lethe HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").body);
  }
  static std::string readiness(const RelayProcess& relay) {
    unsigned status = 0;
    const std::string page = relay.admin_page("/readyz", status);
    EXPECT_EQ(status, 200U);
    return page;
  }
  static void expect_degraded(const RelayProcess& relay, const std::string& level) {
    EXPECT_THAT(relay.out(), HasSubstr(" info lockdown level=" + level));
    EXPECT_THAT(relay.out(), HasSubstr(" warning degraded\n"));
    EXPECT_EQ(readiness(relay), "degraded\n");
    EXPECT_EQ(relay.metric("lethe_lockdown_degraded"), 1);
    EXPECT_TRUE(relay_page(relay)["degraded"].get<bool>());
  }
  static void expect_service(const RelayProcess& relay) {
    const TestKey alice{1};
    const TestKey bob{2};
    WirePeer sender{relay, Encoding::json};
    sender.enter(alice);
    WirePeer recipient{relay, Encoding::binary};
    recipient.enter(bob);
    for (const std::size_t size : {1U, 5'000U, 60'000U}) {
      sender.post(mail_to(invited(bob), std::string(size, 'm')));
      const Heard delivered = recipient.expect("deliver");
      EXPECT_EQ(delivered.payload.size(), size);
      recipient.ack(delivered.seq());
    }
    recipient.settle();
    EXPECT_TRUE(relay.reaches("lethe_queued_messages", 0));
  }
};

// ---- what the kernel says ---------------------------------------------------------------------------------------------

TEST_F(Lockdown, HoldsInEveryThreadOfTheProcessThatServes) {
  const RelayProcess relay{with(whole, {{"threads", "3"}})};
  const pid_t serving = relay.serving_pid();
  ASSERT_NE(serving, relay.pid());
  const auto threads = threads_of(serving);
  EXPECT_EQ(threads.size(), 4U);
  for (auto thread : threads) {
    EXPECT_EQ(thread["Seccomp"], "2");
    EXPECT_EQ(thread["NoNewPrivs"], "1");
    for (const char* const set : {"CapEff", "CapPrm", "CapInh", "CapAmb"}) EXPECT_EQ(thread[set], "0000000000000000") << set;
  }
  for (const char* const limit : {"Max core file size", "Max file size", "Max msgqueue size"}) EXPECT_EQ(limit_of(serving, limit), "0 0") << limit;
  expect_service(relay);
}

TEST_F(Lockdown, LeavesNoDescriptorToWriteAFileWith) {
  Preparation leaky;
  leaky.in_child = [] { ::dup2(::open("/dev/zero", O_RDWR), 77); };   // stays open over execv(3)
  const RelayProcess relay{whole, leaky};
  const auto open = descriptors_of(relay.serving_pid());
  if (open.empty()) GTEST_SKIP() << "this user may not look into the relay";
  for (int number = 0; number < 3; ++number) EXPECT_EQ(open.at(number), "/dev/null");
  for (const auto& [number, target] : open) {
    EXPECT_THAT(target, AnyOf("/dev/null", StartsWith("socket:"), StartsWith("pipe:"), "anon_inode:[eventpoll]", "anon_inode:[eventfd]",
                              "anon_inode:[timerfd]")) << number;
  }
}

TEST_F(Lockdown, HoldsInTheBrokerWhichHasNoneOfTheRelaysSockets) {
  const RelayProcess relay{whole};
  auto status = status_of(relay.pid());
  EXPECT_EQ(status["Seccomp"], "2");
  EXPECT_EQ(status["NoNewPrivs"], "1");
  EXPECT_EQ(status["Threads"], "1");
  EXPECT_EQ(status["CapEff"], "0000000000000000");
  EXPECT_EQ(limit_of(relay.pid(), "Max core file size"), "0 0");
  const auto open = descriptors_of(relay.pid());
  if (open.empty()) GTEST_SKIP() << "this user may not look into the broker";
  const auto sockets = std::ranges::count_if(open, [](const auto& one) { return one.second.starts_with("socket:"); });
  EXPECT_EQ(sockets, 1);   // to the relay
  EXPECT_THAT(open, Contains(Pair(testing::_, "anon_inode:[signalfd]")));
}

TEST_F(Lockdown, DropsAHostileEnvironmentInBothProcesses) {
  Preparation hostile;
  hostile.in_child = [] {
    for (const char* const name : {"SSLKEYLOGFILE", "OPENSSL_CONF", "GCONV_PATH", "TMPDIR", "MALLOC_PERTURB_", "LD_LIBRARY_PATH", "CANARY"}) {
      ::setenv(name, "/tmp/lethe-must-not-be-made", 1);
    }
    ::setenv("LETHE_LOG_LEVEL", "debug", 1);
  };
  const RelayProcess relay{whole, hostile};
  expect_service(relay);
  EXPECT_THAT(relay.out(), HasSubstr(" debug session_opened "));   // what is the relay's own stays
  EXPECT_FALSE(std::filesystem::exists("/tmp/lethe-must-not-be-made"));
  const auto broker = environment_of(relay.pid());
  const auto serving = environment_of(relay.serving_pid());
  if (broker.empty() || serving.empty()) GTEST_SKIP() << "this user may not look into the processes";
  EXPECT_THAT(serving, Contains("LETHE_LOG_LEVEL=debug"));
  for (const auto& environment : {broker, serving}) {
    EXPECT_THAT(environment, Each(MatchesRegex("(LETHE_.*|PATH|HOME|TZ|LANG|LANGUAGE|LC_[A-Z]*)=.*")));
  }
}

TEST_F(Lockdown, SaysItsLevelAndItsFilterOnceBeforeItListens) {
  const RelayProcess relay{whole};
  const std::string log = relay.out();
  const std::regex line{"(\\S+ (warning unfit_host count=\\d+|info started duration_ms=\\d+)\\n)*\\S+ info lockdown level=[23] filter=[0-9a-f]{64}\\n"};
  EXPECT_TRUE(std::regex_search(log, line, std::regex_constants::match_continuous)) << log;
  EXPECT_EQ(log.find("lockdown", log.find("lockdown") + 1), log.npos);
  EXPECT_EQ(log.find("degraded"), log.npos);
  EXPECT_EQ(readiness(relay), "ready\n");
  EXPECT_EQ(relay.metric("lethe_lockdown_degraded"), 0);
  const Json page = relay_page(relay);
  EXPECT_FALSE(page["degraded"].get<bool>());
  for (const char* const name : {"seccomp", "landlock", "resource_limits", "not_dumpable", "no_new_privileges", "no_capabilities",
                                 "clean_environment", "broker", "locked_arena"}) {
    EXPECT_TRUE(page["protections"][name].get<bool>()) << name;
  }
}

TEST_F(Lockdown, IsDegradedWhereTheMemoryIsNotLocked) {
  const RelayProcess relay;   // memory.locking off
  expect_degraded(relay, "1 filter=");
  EXPECT_TRUE(relay_page(relay)["protections"]["seccomp"].get<bool>());
}

TEST_F(Lockdown, KeepsNoCopyOfThePemTexts) {
  char path[] = "/tmp/lethe-lockdown-XXXXXX";
  const std::filesystem::path directory = ::mkdtemp(path);
  std::string parts[2];
  const auto put = [&directory](const Certificate& certificate) {
    std::ofstream{directory / "chain.pem"} << certificate.chain;
    std::ofstream{directory / "key.pem"} << certificate.key;
    return certificate.key.substr(certificate.key.find('\n') + 1, 60);   // base64 of the key's first bytes
  };
  parts[0] = put(make_certificate());
  RelayProcess relay{with(whole, {{"tls.certificate", directory / "chain.pem"}, {"tls.key", directory / "key.pem"}})};
  parts[1] = put(make_certificate());
  relay.signal(SIGHUP);
  ASSERT_TRUE(relay.says(" certificate_reloaded\n"));
  std::filesystem::remove_all(directory);
  try {
    EXPECT_TRUE(memory_holds(relay.serving_pid(), "certificate_reload"));   // a positive control: a constant of the program
    for (const pid_t process : {relay.pid(), relay.serving_pid()}) {
      for (const std::string& part : parts) EXPECT_FALSE(memory_holds(process, part.substr(20)));
    }
  } catch (const std::runtime_error&) {
    GTEST_SKIP() << "this user may not look into the relay";
  }
}

// ---- what can't be had ------------------------------------------------------------------------------------------------

// A container's profile that refuses one call, as a filter that the program starts under.
Preparation refusing(unsigned call, unsigned error) {
  Preparation preparation;
  preparation.in_child = [call, error] {
    sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const sock_fprog whole_program{std::size(program), program};
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &whole_program) != 0) ::_exit(99);
  };
  return preparation;
}

const struct Missing {
  const char* step;          // part of its name in the sentence
  unsigned call;
  unsigned error;
  const char* protection;    // in /.well-known/lethe
} missing[] = {
    {"landlock", SYS_landlock_restrict_self, EPERM, "landlock"},
    {"landlock", SYS_landlock_create_ruleset, ENOSYS, "landlock"},
    {"capabilities", SYS_capset, EPERM, "no_capabilities"},
    {"filter", SYS_seccomp, EPERM, "seccomp"},
};

std::vector<std::string> arguments(const char* lockdown) {
  return {"--listen=127.0.0.1:0", "--admin=", "--memory.arena=2MiB", "--limits.relay.bytes=1MiB", std::string{"--lockdown="} + lockdown};
}

TEST_F(Lockdown, StopsTheStartInOneSentenceWhereAStepCannotBeHad) {
  for (const Missing& one : missing) {
    const Ended ended = run_relay(arguments("strict"), refusing(one.call, one.error));
    EXPECT_EQ(ended.status, 1) << one.step;
    EXPECT_EQ(std::ranges::count(ended.err, '\n'), 1) << ended.err;
    EXPECT_THAT(ended.err, StartsWith("lethe: lock-down: the step "));
    EXPECT_THAT(ended.err, HasSubstr(one.step));
    EXPECT_THAT(ended.err, HasSubstr("--lockdown best-effort"));
    EXPECT_THAT(ended.out, testing::Not(HasSubstr("listening")));
  }
}

// Root may read every file at the start and, without capabilities, only its own when it is renewed.
TEST_F(Lockdown, StopsTheStartWhereTheCertificateCouldNotBeReadAgain) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  char path[] = "/tmp/lethe-lockdown-XXXXXX";
  const std::filesystem::path directory = ::mkdtemp(path);
  const Certificate certificate = make_certificate();
  std::ofstream{directory / "chain.pem"} << certificate.chain;
  std::ofstream{directory / "key.pem"} << certificate.key;
  ::chmod((directory / "key.pem").c_str(), 0600);
  std::vector<std::string> all = arguments("strict");
  all.push_back("--tls.certificate=" + std::string{directory / "chain.pem"});
  all.push_back("--tls.key=" + std::string{directory / "key.pem"});
  ASSERT_EQ(::chown((directory / "key.pem").c_str(), 65'534, 65'534), 0);
  const Ended ended = run_relay(all);
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.err, StartsWith("lethe: lock-down: the step broker-capabilities is missing (Permission denied)"));
  std::filesystem::remove_all(directory);
}

TEST_F(Lockdown, AsABestEffortGoesOnWithoutAStepAndSaysDegradedInAllPlaces) {
  for (const Missing& one : missing) {
    const RelayProcess relay{with(whole, {{"lockdown", "best-effort"}}), refusing(one.call, one.error)};
    expect_degraded(relay, "1");
    EXPECT_FALSE(relay_page(relay)["protections"][one.protection].get<bool>()) << one.step;
    EXPECT_TRUE(relay_page(relay)["protections"]["resource_limits"].get<bool>()) << one.step;
    expect_service(relay);
  }
}

TEST_F(Lockdown, AsABestEffortIsWholeWhereNothingIsMissing) {
  const RelayProcess relay{with(whole, {{"lockdown", "best-effort"}})};
  EXPECT_THAT(relay.out(), HasSubstr(" info lockdown level="));
  EXPECT_THAT(relay.out(), testing::Not(HasSubstr(" degraded\n")));
  EXPECT_EQ(readiness(relay), "ready\n");
}

TEST(LockdownOff, IsOneProcessAndDegraded) {
  const RelayProcess relay{with(whole, {{"lockdown", "off"}})};
  EXPECT_EQ(relay.serving_pid(), relay.pid());
  EXPECT_THAT(relay.out(), HasSubstr(" info lockdown level=0\n"));
  EXPECT_THAT(relay.out(), HasSubstr(" warning degraded\n"));
  EXPECT_EQ(relay.metric("lethe_lockdown_degraded"), 1);
}

// ---- how they end -----------------------------------------------------------------------------------------------------

TEST_F(Lockdown, TheBrokerEndsAsTheRelayDoes) {
  const struct { int signal; int status; } cases[] = {{SIGKILL, 137}, {SIGSEGV, 139}, {SIGABRT, 134}};
  for (const auto& [number, status] : cases) {
    RelayProcess relay{whole};
    ::kill(relay.serving_pid(), number);
    const Ended ended = relay.wait();
    EXPECT_EQ(ended.status, status);
    EXPECT_THAT(ended.out, EndsWith(" error relay_killed code=" + std::to_string(number) + "\n"));
    EXPECT_EQ(ended.err, "");
  }
}

TEST_F(Lockdown, TheRelayDiesWithItsBroker) {
  RelayProcess relay{whole};
  const pid_t serving = relay.serving_pid();
  ASSERT_NE(serving, relay.pid());
  relay.kill();
  const auto end = std::chrono::steady_clock::now() + patience;
  while (alive(serving)) ASSERT_LT(std::chrono::steady_clock::now(), end);
}

TEST_F(Lockdown, TheRelayStopsByItsOwnSignalAndTheBrokerWithIt) {
  RelayProcess relay{whole};
  ::kill(relay.serving_pid(), SIGTERM);
  const Ended ended = relay.wait();
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.out, EndsWith(" info stopped\n"));
}

TEST_F(Lockdown, WritesItsLogToAFileThoughTheRelayMayWriteNone) {
  char path[] = "/tmp/lethe-log-XXXXXX";
  const std::filesystem::path directory = ::mkdtemp(path);
  Preparation to_file;
  to_file.output = directory / "log";
  {
    RelayProcess relay{with(whole, {{"log.level", "debug"}}), to_file};
    expect_service(relay);
    EXPECT_EQ(relay.stop().status, 0);
  }
  std::ifstream log{to_file.output};
  const std::string text{std::istreambuf_iterator<char>{log}, {}};
  EXPECT_THAT(text, HasSubstr(" debug session_opened session=1\n"));
  EXPECT_THAT(text, EndsWith(" info stopped\n"));
  EXPECT_THAT(text, testing::Not(HasSubstr("malformed_record")));
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace lethe::test
