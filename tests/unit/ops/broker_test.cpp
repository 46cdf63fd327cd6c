#include "ops/broker.hpp"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/renewal.hpp"
#include "ops/pipe_event_log.hpp"
#include "ops/start_report.hpp"
#include "support/temporary_directory.hpp"
#include "unit/ops/fields.hpp"
#include "unit/ops/pipe.hpp"

namespace lethe::ops {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

constexpr int patience = 60'000;   // ms

// What plays the relay; its result is its exit status.
using Part = std::function<int(const RelayEnd& end, EventLog& log)>;

// A process that becomes a broker and the given part of a relay.
class Pair {
 public:
  Pair(const Config& config, const Part& relay, const std::function<Config()>& reread = {}) {
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ != 0) {
      output_.out.reset();
      errors_.out.reset();
      alive_.out.reset();
      return;
    }
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(99);
    ::fcntl(output_.out.get(), F_SETFL, 0);
    auto end = split_process();
    if (const auto* const child = std::get_if<RelayEnd>(&end)) {
      PipeEventLog log{child->log.get(), Severity::debug};
      ::_exit(relay(*child, log));
    }
    alive_.out.reset();   // the relay alone holds it
    RenewalSources sources{{config.tls, {}, CertificateWatch::Clock::now()}, reread};
    ::_exit(Broker{config, std::move(sources), std::get<BrokerEnd>(std::move(end)), output_.out.get(), errors_.out.get()}.run());
  }
  ~Pair() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

  void signal(int number) const { ::kill(pid_, number); }
  // What has been printed, as soon as it holds `text`.
  std::string printed(const std::string& text) {
    while (log_.find(text) == std::string::npos) {
      pollfd polled{output_.in.get(), POLLIN, 0};
      const std::size_t before = log_.size();
      if (::poll(&polled, 1, patience) > 0) log_ += output_.take();
      if (log_.size() == before) break;
    }
    EXPECT_THAT(log_, HasSubstr(text));
    return log_;
  }
  // The exit status; -1 where a signal ended it.
  int wait() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    log_ += output_.take();
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  const std::string& log() const noexcept { return log_; }
  std::string errors() const { return errors_.take(); }
  // Until the relay has gone.
  bool relay_goes() const {
    pollfd polled{alive_.in.get(), POLLIN, 0};
    return ::poll(&polled, 1, patience) > 0 && (polled.revents & POLLHUP) != 0;
  }

 private:
  test::Pipe output_;
  test::Pipe errors_;
  test::Pipe alive_;
  pid_t pid_ = -1;
  std::string log_;
};

int await(int number) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  int got = 0;
  return ::sigwait(&set, &got) == 0 ? got : -1;
}

void block(int number) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
}

int sleep_for_ever() {
  for (;;) ::pause();
}

TEST(Broker, EndsWithTheRelaysStatus) {
  for (const int status : {0, 1, 42}) {
    Pair pair{{}, [status](const RelayEnd&, EventLog&) { return status; }};
    EXPECT_EQ(pair.wait(), status);
    EXPECT_EQ(pair.log(), "");
  }
}

TEST(Broker, SaysWhatSignalKilledTheRelay) {
  Pair pair{{}, [](const RelayEnd&, EventLog&) { return ::raise(SIGKILL); }};
  EXPECT_EQ(pair.wait(), 128 + SIGKILL);
  EXPECT_THAT(pair.log(), EndsWith(" error relay_killed code=9\n"));
}

TEST(Broker, PrintsAllThatTheRelayHasLogged) {
  Pair pair{{}, [](const RelayEnd&, EventLog& log) {
    for (std::uint64_t i = 1; i <= 200; ++i) log.write(Severity::info, Event::drained, test::counted(i));
    return 0;
  }};
  EXPECT_EQ(pair.wait(), 0);
  EXPECT_THAT(pair.log(), HasSubstr(" drained count=1\n"));
  EXPECT_THAT(pair.log(), EndsWith(" drained count=200\n"));
}

class BrokerSignals : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Numbers, BrokerSignals, testing::Values(SIGTERM, SIGINT));

TEST_P(BrokerSignals, ReachTheRelayAsOneSigterm) {
  Pair pair{{}, [](const RelayEnd&, EventLog& log) {
    block(SIGTERM);
    log.write(Severity::info, Event::listening);
    const int got = await(SIGTERM);
    log.write(Severity::info, Event::draining);
    sigset_t pending;
    sigemptyset(&pending);
    ::sigpending(&pending);
    return got == SIGTERM && sigismember(&pending, SIGTERM) == 0 ? 7 : 8;
  }};
  pair.printed("listening");
  pair.signal(GetParam());
  pair.printed("draining");
  EXPECT_EQ(pair.wait(), 7);
}

TEST(Broker, TakesTheRelayWithItWhenItIsKilled) {
  Pair pair{{}, [](const RelayEnd&, EventLog& log) {
    log.write(Severity::info, Event::listening);
    return sleep_for_ever();
  }};
  pair.printed("listening");
  pair.signal(SIGKILL);
  EXPECT_TRUE(pair.relay_goes());
}

// ---- the start --------------------------------------------------------------------------------------------------------

TEST(BrokerStart, PrintsWhyTheRelayCouldNotStart) {
  Pair pair{{}, [](const RelayEnd& end, EventLog&) {
    report_failure(end.link.get(), "listen: port 1 can't be had\n\x1b[31m");
    return 1;
  }};
  EXPECT_EQ(pair.wait(), 1);
  EXPECT_EQ(pair.errors(), "lethe: listen: port 1 can't be had??[31m\n");
  EXPECT_EQ(pair.log(), "");
}

TEST(BrokerStart, ListensToNothingOnceTheRelayHasStarted) {
  Pair pair{{}, [](const RelayEnd& end, EventLog&) {
    report_started(end.link.get());
    report_failure(end.link.get(), "a payload");
    return 3;
  }};
  EXPECT_EQ(pair.wait(), 3);
  EXPECT_EQ(pair.errors(), "");
  EXPECT_EQ(pair.log(), "");
}

// ---- renewal ----------------------------------------------------------------------------------------------------------

std::string receive(int link, std::size_t size) {
  std::string text(size, '\0');
  EXPECT_EQ(::recv(link, text.data(), size, MSG_WAITALL), static_cast<ssize_t>(size));
  return text;
}

class Renewal : public testing::Test {
 protected:
  void SetUp() override {
    config.tls.certificate = directory / "certificate.pem";
    config.tls.key = directory / "key.pem";
  }
  static void write(const std::string& path, const std::string& text) { std::ofstream{path} << text; }

  const lethe::test::TemporaryDirectory directory;
  Config config;
};

TEST_F(Renewal, HandsTheFilesOverAtEverySighup) {
  const std::string certificate(longest_certificate, 'c');   // more than the socket pair holds
  const auto relay = [&certificate](const RelayEnd& end, EventLog& log) {
    log.write(Severity::info, Event::listening);
    for (const char last : {'1', '2'}) {
      RenewalHeader header;
      ::recv(end.link.get(), &header, sizeof header, MSG_WAITALL);
      const bool whole = receive(end.link.get(), header.certificate) == certificate;
      const bool fits = receive(end.link.get(), header.key) == std::string{"key "} + last;
      log.write(Severity::info, whole && fits ? Event::certificate_reloaded : Event::certificate_rejected);
      if (last == '1') log.write(Severity::info, Event::accept_resumed);
    }
    return 0;
  };
  write(config.tls.certificate, certificate);
  write(config.tls.key, "key 1");
  Pair pair{config, relay};
  pair.printed("listening");
  pair.signal(SIGHUP);
  pair.printed("accept_resumed");
  write(config.tls.key, "key 2");
  pair.signal(SIGHUP);
  EXPECT_EQ(pair.wait(), 0);
  EXPECT_EQ(pair.log().find("rejected"), std::string::npos) << pair.log();
}

TEST_F(Renewal, SaysWhyAFileCanNotBeRead) {
  Pair pair{config, [](const RelayEnd&, EventLog& log) {
    block(SIGTERM);
    log.write(Severity::info, Event::listening);
    return await(SIGTERM) == SIGTERM ? 0 : 1;
  }};
  pair.printed("listening");
  pair.signal(SIGHUP);
  pair.printed(" error certificate_rejected error=system:2 code=1\n");
  pair.signal(SIGTERM);
  EXPECT_EQ(pair.wait(), 0);
}

TEST_F(Renewal, SaysThatThereIsNothingToReadAgain) {
  Pair pair{Config{}, [](const RelayEnd&, EventLog& log) {
    log.write(Severity::info, Event::listening);
    return sleep_for_ever();
  }};
  pair.printed("listening");
  pair.signal(SIGHUP);
  pair.printed(" info nothing_to_reload\n");
}

TEST_F(Renewal, HandsSettingsOverWhateverBecomesOfTheCertificate) {
  const Part relay = [](const RelayEnd& end, EventLog& log) {
    log.write(Severity::info, Event::listening);
    RenewalHeader header;
    Settings settings;
    ::recv(end.link.get(), &header, sizeof header, MSG_WAITALL);
    ::recv(end.link.get(), &settings, sizeof settings, MSG_WAITALL);
    const bool right = header.certificate == 0 && header.key == 0 && header.settings == sizeof settings &&
                       settings.limits.mailbox.receipts == 5 && settings.changed == 1;
    log.write(Severity::info, right ? Event::settings_reloaded : Event::accept_failed);
    return 0;
  };
  Config wanted = config;   // whose files don't exist
  wanted.limits.mailbox.receipts = 5;
  wanted.threads = 3;
  Pair pair{config, relay, [wanted] { return wanted; }};
  pair.printed("listening");
  pair.signal(SIGHUP);
  EXPECT_EQ(pair.wait(), 0);
  EXPECT_THAT(pair.log(), HasSubstr(" warning needs_restart option=threads\n"));
  EXPECT_THAT(pair.log(), HasSubstr(" error certificate_rejected error=system:2 code=1\n"));
  EXPECT_THAT(pair.log(), HasSubstr(" info settings_reloaded\n"));
}

// ---- an output that is of no use ----------------------------------------------------------------------------------------

TEST(BrokerOutput, ThatNobodyReadsHoldsNobodyUp) {
  Pair pair{{}, [](const RelayEnd&, EventLog& log) {
    for (std::uint64_t i = 0; i < 10'000; ++i) log.write(Severity::info, Event::drained, test::counted(i));
    return 5;
  }};
  EXPECT_EQ(pair.wait(), 5);   // nothing was read before
}

}  // namespace
}  // namespace lethe::ops
