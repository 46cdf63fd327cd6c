// What the log says of one session after another, and of the start.
#include <ctime>

#include <gmock/gmock.h>

#include "support/wire_peer.hpp"

namespace lethe::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Events : public testing::Test {
 protected:
  RelayProcess relay{{{"log.level", "debug"}, {"drain.acks", "1"}}};
  TestKey alice{1};
};

TEST_F(Events, TheStartSaysHowLongItTook) {
  EXPECT_TRUE(relay.says(" info started duration_ms="));
  const double started = relay.metric("lethe_start_time_seconds");
  EXPECT_GT(started, 1.7e9);
  EXPECT_LE(started, static_cast<double>(std::time(nullptr)) + 1);
  EXPECT_EQ(relay.metric("lethe_start_time_seconds"), started);
}

TEST_F(Events, ADeviceThatProvesItsKeyAndSaysGoodbyeDoesNotFail) {
  WirePeer peer{relay, Encoding::json};
  peer.enter(alice);
  ASSERT_TRUE(relay.says(" debug session_authenticated session=1\n"));
  peer.close(1000);
  peer.expect("closed");
  ASSERT_TRUE(relay.says(" debug session_closed session=1"));
  EXPECT_THAT(relay.out(), Not(HasSubstr("session_failed")));
}

TEST_F(Events, AConnectionThatBreaksIsASessionThatFailed) {
  WirePeer anonymous{relay, Encoding::json};
  anonymous.hello();
  anonymous.tls().drop();
  ASSERT_TRUE(relay.says(" debug session_failed session=1 error="));
  ASSERT_TRUE(relay.says(" debug session_closed session=1\n"));
  EXPECT_THAT(relay.out(), Not(HasSubstr("session_authenticated")));
  WirePeer peer{relay, Encoding::binary};
  peer.enter(alice);
  peer.tls().drop();
  EXPECT_TRUE(relay.says(" debug session_failed session=2 error="));
}

TEST_F(Events, WhomTheRelaySendsAwayHasNotFailed) {
  WirePeer peer{relay, Encoding::json};
  peer.enter(alice);
  relay.signal(SIGTERM);
  peer.expect_closing("draining", 1001);
  const Ended ended = relay.wait();
  EXPECT_THAT(ended.out, HasSubstr(" debug session_closed session=1 code=1001\n"));
  EXPECT_THAT(ended.out, Not(HasSubstr("session_failed")));
}

}  // namespace
}  // namespace lethe::test
