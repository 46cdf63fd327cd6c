#include "session/vigil.hpp"

#include <gtest/gtest.h>

namespace lethe::session {
namespace {

using wire::CloseReason;
using Act = Vigil::Act;
using Decision = Vigil::Decision;

Monotonic at(seconds time) { return Monotonic{time}; }
Monotonic at(int time) { return at(seconds{time}); }

constexpr Decision nothing{};
constexpr Decision ping{Act::ping, CloseReason::idle};

Decision close(CloseReason reason) { return {Act::close, reason}; }
Decision abort_for(CloseReason reason) { return {Act::abort, reason}; }

// Authenticated at 0 s, with the default limits: authenticate 10, idle 300, ping 60, message 20, write 30.
struct Settled {
  SessionLimits limits;
  Vigil vigil{limits, at(0)};
  Settled() {
    vigil.upgraded(at(0));
    vigil.settled(at(0));
  }
};

TEST(Vigil, AbortsAConnectionThatDoesNotFinishItsHandshake) {
  const SessionLimits limits;
  Vigil vigil{limits, at(0)};
  EXPECT_EQ(vigil.due(), at(10));
  EXPECT_EQ(vigil.tick(at(9)), nothing);
  EXPECT_EQ(vigil.tick(at(10)), abort_for(CloseReason::unauthenticated));
  EXPECT_EQ(vigil.tick(at(11)), abort_for(CloseReason::unauthenticated));
}

TEST(Vigil, EndsTheTimeToAuthenticateAndKeepsTheSession) {
  const SessionLimits limits;
  Vigil vigil{limits, at(0)};
  vigil.upgraded(at(8));
  EXPECT_EQ(vigil.due(), at(10));
  EXPECT_EQ(vigil.tick(at(9)), nothing);
  EXPECT_TRUE(vigil.greeting());
  EXPECT_EQ(vigil.tick(at(10)), nothing) << "the handshake's time counts";
  EXPECT_FALSE(vigil.greeting());
}

TEST(Vigil, PongsDoNotProlongTheTimeToAuthenticate) {
  const SessionLimits limits;
  Vigil vigil{limits, at(0)};
  vigil.upgraded(at(1));
  vigil.traffic(at(9));
  vigil.frame_started(at(9));
  vigil.frame_finished(at(9));
  EXPECT_EQ(vigil.tick(at(10)), nothing);
  EXPECT_FALSE(vigil.greeting());
}

TEST(Vigil, PingsAndClosesASessionThatSaysNothingAtAll) {
  const SessionLimits limits;
  Vigil vigil{limits, at(0)};
  vigil.upgraded(at(1));
  EXPECT_EQ(vigil.tick(at(69)), nothing) << "quiet since the time to authenticate was over";
  EXPECT_EQ(vigil.tick(at(70)), ping);
  EXPECT_EQ(vigil.tick(at(310)), close(CloseReason::idle));
}

TEST(Vigil, PingsOnceInAQuietPeriodAndClosesAtItsEnd) {
  Settled session;
  Vigil& vigil = session.vigil;
  EXPECT_EQ(vigil.due(), at(60));
  EXPECT_EQ(vigil.tick(at(59)), nothing);
  EXPECT_EQ(vigil.tick(at(60)), ping);
  EXPECT_EQ(vigil.tick(at(61)), nothing);
  EXPECT_EQ(vigil.tick(at(299)), nothing);
  EXPECT_EQ(vigil.due(), at(300));
  EXPECT_EQ(vigil.tick(at(300)), close(CloseReason::idle));
}

TEST(Vigil, TrafficBeginsANewQuietPeriod) {
  Settled session;
  Vigil& vigil = session.vigil;
  EXPECT_EQ(vigil.tick(at(60)), ping);
  vigil.traffic(at(70));
  EXPECT_EQ(vigil.tick(at(129)), nothing);
  EXPECT_EQ(vigil.tick(at(130)), ping);
  EXPECT_EQ(vigil.tick(at(369)), nothing);
  EXPECT_EQ(vigil.tick(at(370)), close(CloseReason::idle));
}

TEST(Vigil, ATickThatComesLateStillCloses) {
  Settled session;
  EXPECT_EQ(session.vigil.tick(at(100'000)), close(CloseReason::idle));
}

TEST(Vigil, ClosesAMessageThatTrickles) {
  Settled session;
  Vigil& vigil = session.vigil;
  vigil.frame_started(at(5));
  vigil.frame_started(at(24));   // more of the same message is no new one
  EXPECT_EQ(vigil.due(), at(25));
  EXPECT_EQ(vigil.tick(at(24)), nothing);
  EXPECT_EQ(vigil.tick(at(25)), close(CloseReason::slow));
}

TEST(Vigil, PongsWithinAMessageDoNotProlongIt) {
  Settled session;
  session.vigil.frame_started(at(0));
  session.vigil.traffic(at(19));
  EXPECT_EQ(session.vigil.tick(at(20)), close(CloseReason::slow));
}

TEST(Vigil, AFinishedMessageIsNotSlow) {
  Settled session;
  session.vigil.frame_started(at(0));
  session.vigil.frame_finished(at(19));
  EXPECT_EQ(session.vigil.tick(at(25)), nothing);
  session.vigil.frame_started(at(30));
  EXPECT_EQ(session.vigil.tick(at(49)), nothing);
  EXPECT_EQ(session.vigil.tick(at(50)), close(CloseReason::slow));
}

TEST(Vigil, WatchesMessagesBeforeAuthenticationToo) {
  SessionLimits limits;
  limits.message = seconds{5};
  Vigil vigil{limits, at(0)};
  vigil.upgraded(at(0));
  vigil.frame_started(at(1));
  EXPECT_EQ(vigil.tick(at(6)), close(CloseReason::slow));
}

TEST(Vigil, AbortsAWriteThatDoesNotProgress) {
  Settled session;
  Vigil& vigil = session.vigil;
  vigil.write_blocked(at(0));
  vigil.write_blocked(at(20));   // still blocked: no progress
  EXPECT_EQ(vigil.due(), at(30));
  EXPECT_EQ(vigil.tick(at(29)), nothing);
  EXPECT_EQ(vigil.tick(at(30)), abort_for(CloseReason::slow));
}

TEST(Vigil, ProgressGivesAWriteItsTimeAnew) {
  Settled session;
  Vigil& vigil = session.vigil;
  vigil.write_blocked(at(0));
  vigil.write_progressed(at(25));
  EXPECT_EQ(vigil.tick(at(54)), nothing);
  vigil.write_finished();
  EXPECT_EQ(vigil.tick(at(59)), nothing);
  vigil.write_blocked(at(59));
  EXPECT_EQ(vigil.tick(at(89)), abort_for(CloseReason::slow));
}

TEST(Vigil, WatchesWritesInEveryState) {
  SessionLimits limits;
  limits.write = seconds{3};
  Vigil connected{limits, at(0)};
  connected.write_blocked(at(1));
  EXPECT_EQ(connected.tick(at(4)), abort_for(CloseReason::slow));
  Vigil upgraded{limits, at(0)};
  upgraded.upgraded(at(0));
  upgraded.write_blocked(at(1));
  EXPECT_EQ(upgraded.tick(at(4)), abort_for(CloseReason::slow));
}

TEST(Vigil, ClosesOnceAndAbortsAClosingThatDrags) {
  Settled session;
  Vigil& vigil = session.vigil;
  EXPECT_EQ(vigil.tick(at(300)), close(CloseReason::idle));
  EXPECT_EQ(vigil.due(), at(330));
  EXPECT_EQ(vigil.tick(at(301)), nothing);
  vigil.traffic(at(310));
  EXPECT_EQ(vigil.tick(at(329)), nothing);
  EXPECT_EQ(vigil.tick(at(330)), abort_for(CloseReason::idle));
}

TEST(Vigil, AClosingThatWasDecidedElsewhereHasTheSameEnd) {
  Settled session;
  Vigil& vigil = session.vigil;
  vigil.frame_started(at(0));
  vigil.closing(CloseReason::replaced, at(10));
  vigil.closing(CloseReason::draining, at(20));
  EXPECT_EQ(vigil.tick(at(39)), nothing) << "what else was due does not matter any more";
  EXPECT_EQ(vigil.tick(at(40)), abort_for(CloseReason::replaced));
}

TEST(Vigil, NeverSaysAnythingBeforeItIsDue) {
  Settled session;
  Vigil& vigil = session.vigil;
  int acts = 0;
  for (int second = 0; second < 400; ++second) {
    const bool due = at(second) >= vigil.due();
    const Decision decision = vigil.tick(at(second));
    if (decision.act != Act::none) ++acts;
    EXPECT_TRUE(due || decision.act == Act::none) << second;
  }
  EXPECT_EQ(acts, 1 + 1 + 70) << "a ping, a close, and aborts from 330 s on";
}

}  // namespace
}  // namespace lethe::session
