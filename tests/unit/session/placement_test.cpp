#include "session/placement.hpp"

#include <gtest/gtest.h>

#include "support/session_probe.hpp"

namespace lethe::session {
namespace {

using mailbox::Refusal;
using mailbox::Verdict;
using test::address_of;

Placement placement_of(std::initializer_list<Placement::Slot> slots) {
  Placement placement;
  placement.id = test::id_of(5);
  placement.ttl = seconds{100};
  placement.slots.assign(slots.begin(), slots.end());
  return placement;
}

TEST(Placement, GrantsTheSmallestTtlAmongThoseWhoAccepted) {
  const Placement placement = placement_of({{address_of(1)}, {address_of(2)}, {address_of(3)}, {address_of(4)}});
  const Verdict verdicts[] = {{Refusal::none, {}, seconds{50}},
                              {Refusal::none, {}, seconds{20}},
                              {Refusal::mailbox_full, seconds{9}, seconds{0}},
                              {Refusal::none, {}, seconds{30}}};
  const wire::Sent sent = answer_to(placement, verdicts);
  EXPECT_EQ(sent.id, test::id_of(5));
  EXPECT_EQ(sent.accepted, 3U);
  EXPECT_EQ(sent.ttl, seconds{20});
  ASSERT_EQ(sent.refused.size(), 1U);
  EXPECT_EQ(sent.refused[0].device, address_of(3));
  EXPECT_EQ(sent.refused[0].code, Refusal::mailbox_full);
  EXPECT_EQ(sent.refused[0].retry_after, seconds{9});
}

TEST(Placement, NamesTheTtlThatWasAskedForWhereNobodyAccepted) {
  const Placement placement = placement_of({{address_of(1)}});
  const Verdict verdicts[] = {{Refusal::offline, {}, {}}};
  EXPECT_EQ(answer_to(placement, verdicts).ttl, seconds{100});
}

TEST(Placement, GivesEachVerdictToTheRecipientItIsOf) {
  const Placement placement = placement_of({{address_of(1), Refusal::invite_expired},
                                            {address_of(2)},
                                            {address_of(3), Refusal::duplicate_recipient},
                                            {address_of(4)}});
  EXPECT_EQ(placement.asked(), 2U);
  const Verdict verdicts[] = {{Refusal::none, {}, seconds{7}}, {Refusal::relay_full, {}, {}}};
  const wire::Sent sent = answer_to(placement, verdicts);
  EXPECT_EQ(sent.accepted, 1U);
  ASSERT_EQ(sent.refused.size(), 3U);
  EXPECT_EQ(sent.refused[0].device, address_of(1));
  EXPECT_EQ(sent.refused[0].code, Refusal::invite_expired);
  EXPECT_EQ(sent.refused[1].device, address_of(3));
  EXPECT_EQ(sent.refused[1].code, Refusal::duplicate_recipient);
  EXPECT_EQ(sent.refused[2].device, address_of(4));
  EXPECT_EQ(sent.refused[2].code, Refusal::relay_full);
}

TEST(Placement, TellsOfAnExpiredInviteOnlyWhereTheInviteMattered) {
  const Placement placement = placement_of(
      {{address_of(1), Refusal::none, true}, {address_of(2), Refusal::none, true}, {address_of(3), Refusal::none, true}});
  const Verdict verdicts[] = {{Refusal::not_invited, {}, {}}, {Refusal::mailbox_full, {}, {}}, {Refusal::none, {}, seconds{5}}};
  const wire::Sent sent = answer_to(placement, verdicts);
  EXPECT_EQ(sent.accepted, 1U);
  ASSERT_EQ(sent.refused.size(), 2U);
  EXPECT_EQ(sent.refused[0].code, Refusal::invite_expired);
  EXPECT_EQ(sent.refused[1].code, Refusal::mailbox_full);
}

TEST(Placement, AnswersAllAlikeWhereTheEngineWasNotAsked) {
  const Placement placement = placement_of({{address_of(1)}, {address_of(2), Refusal::not_invited}});
  const wire::Sent sent = answer_to_all(placement, {Refusal::relay_full, seconds{3}, {}});
  EXPECT_EQ(sent.accepted, 0U);
  ASSERT_EQ(sent.refused.size(), 2U);
  EXPECT_EQ(sent.refused[0].code, Refusal::relay_full);
  EXPECT_EQ(sent.refused[0].retry_after, seconds{3});
  EXPECT_EQ(sent.refused[1].code, Refusal::not_invited);
}

TEST(PlacementDeathTest, AnEngineMustAnswerForEveryRecipient) {
  const Placement placement = placement_of({{address_of(1)}, {address_of(2)}});
  const Verdict verdicts[] = {{}};
  EXPECT_DEATH(answer_to(placement, verdicts), "broken invariant");
}

}  // namespace
}  // namespace lethe::session
