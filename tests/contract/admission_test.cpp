#include "contract/engine_contract.hpp"

namespace lethe::test {
namespace {

LETHE_CONTRACT_SUITE(Admission);

constexpr auto no_grant = std::nullopt;

TEST_P(Admission, AnswersAnUnknownMailboxAndAMissingInviteAlike) {
  auto& world = start();
  world.open(bob);
  const mailbox::Verdict missing = world.send(alice, 1, bob, {.grant = no_grant});
  const mailbox::Verdict unknown = world.send(alice, 2, carol, {.grant = no_grant});
  EXPECT_EQ(missing.refusal, Refusal::not_invited);
  EXPECT_EQ(unknown.refusal, Refusal::not_invited);
  EXPECT_EQ(missing.retry_after, unknown.retry_after);
  EXPECT_EQ(world.mailboxes().occupancy().mailboxes, 1U);
  EXPECT_EQ(world.arena_used(), 0U);
  EXPECT_EQ(world.engine->tally().refused[1].value(), 2U);
}

TEST_P(Admission, LetsAnyAuthenticatedDeviceSendToAnOpenMailbox) {
  auto& world = start();
  world.open(bob, {.anyone = true});
  EXPECT_EQ(world.send(alice, 1, bob, {.grant = no_grant}).refusal, Refusal::none);
  EXPECT_EQ(world.send(alice, 2, bob, {.authenticated = false, .grant = no_grant}).refusal, Refusal::not_invited);
  world.mailboxes().announce(bob.attachment, {.anyone = false}, world.now);
  EXPECT_EQ(world.send(alice, 3, bob, {.grant = no_grant}).refusal, Refusal::not_invited);
}

TEST_P(Admission, NeedsAnAnonymousInviteOfAnAnonymousSession) {
  auto& world = start();
  world.open(bob);
  EXPECT_EQ(world.send(alice, 1, bob, {.authenticated = false}).refusal, Refusal::not_invited);
  const Letter invited{.authenticated = false, .grant = mailbox::Grant{.anonymous = true}};
  EXPECT_EQ(world.send(alice, 2, bob, invited).refusal, Refusal::none);
  EXPECT_EQ(world.send(alice, 3, carol, invited).refusal, Refusal::none);
}

TEST_P(Admission, RefusesInvitesBelowTheGenerationWhichNeverGoesDown) {
  auto& world = start();
  world.open(bob, {.generation = 5});
  EXPECT_EQ(world.send(alice, 1, bob, {.grant = mailbox::Grant{.generation = 4}}).refusal, Refusal::not_invited);
  EXPECT_EQ(world.send(alice, 2, bob, {.grant = mailbox::Grant{.generation = 5}}).refusal, Refusal::none);
  world.mailboxes().announce(bob.attachment, {.generation = 6}, world.now);
  EXPECT_EQ(world.send(alice, 3, bob, {.grant = mailbox::Grant{.generation = 5}}).refusal, Refusal::not_invited);
  world.mailboxes().announce(bob.attachment, {.generation = 1}, world.now);
  world.close(bob);
  world.open(bob);
  EXPECT_EQ(world.send(alice, 4, bob, {.grant = mailbox::Grant{.generation = 5}}).refusal, Refusal::not_invited);
}

TEST_P(Admission, RefusesARevokedInviteUntilTheListIsReplaced) {
  auto& world = start();
  const InviteLabel label{{1, 2, 3}};
  world.open(bob, {.revoked = std::vector<InviteLabel>{InviteLabel{{9}}, label}});
  EXPECT_EQ(world.send(alice, 1, bob, {.grant = mailbox::Grant{.label = label}}).refusal, Refusal::not_invited);
  EXPECT_EQ(world.send(alice, 2, bob, {.grant = mailbox::Grant{.label = InviteLabel{{7}}}}).refusal, Refusal::none);
  world.close(bob);
  EXPECT_EQ(world.send(alice, 3, bob, {.grant = mailbox::Grant{.label = label}}).refusal, Refusal::not_invited);
  world.open(bob, {.revoked = std::vector<InviteLabel>{}});
  EXPECT_EQ(world.send(alice, 4, bob, {.grant = mailbox::Grant{.label = label}}).refusal, Refusal::none);
}

TEST_P(Admission, BindsAnInviteToTheEpochInWhichTheDeviceCame) {
  auto& world = start();
  const mailbox::Grant bound{.this_epoch_only = true};
  EXPECT_EQ(world.send(alice, 1, bob, {.grant = bound}).refusal, Refusal::not_invited);
  world.send(alice, 2, bob);
  EXPECT_EQ(world.send(alice, 3, bob, {.grant = bound}).refusal, Refusal::not_invited) << "known only from a message";
  world.open(bob);
  EXPECT_EQ(world.send(alice, 4, bob, {.grant = bound}).refusal, Refusal::none);
  world.close(bob);
  EXPECT_EQ(world.send(alice, 5, bob, {.grant = bound}).refusal, Refusal::none);
}

TEST_P(Admission, TakesAVoidInviteToAnOpenMailboxAsNone) {
  auto& world = start();
  world.open(bob, {.anyone = true, .generation = 5});
  const mailbox::Grant outdated{.generation = 1, .max_ttl = 10s, .rate = 1};
  EXPECT_EQ(world.send(alice, 1, bob, {.grant = outdated}).ttl, 3'600s);
  EXPECT_EQ(world.send(alice, 2, bob, {.grant = outdated}).refusal, Refusal::none);
  EXPECT_EQ(world.send(alice, 3, bob, {.authenticated = false, .grant = outdated}).refusal, Refusal::not_invited);
}

TEST_P(Admission, NeedsNoInviteOfTheOwner) {
  auto& world = start();
  EXPECT_EQ(world.send(bob, 1, bob, {.grant = no_grant}).refusal, Refusal::none);
  world.open(bob);
  EXPECT_EQ(world.send(bob, 2, bob, {.grant = no_grant}).refusal, Refusal::none);
  EXPECT_THAT(world.pull_all(bob), SizeIs(2));
}

TEST_P(Admission, CapsTheLifetimeByTheInvite) {
  auto& world = start();
  world.open(bob);
  EXPECT_EQ(world.send(alice, 1, bob, {.ttl = 100s, .grant = mailbox::Grant{.max_ttl = 10s}}).ttl, 10s);
  EXPECT_EQ(world.send(alice, 2, bob, {.ttl = 5s, .grant = mailbox::Grant{.max_ttl = 10s}}).ttl, 5s);
  EXPECT_EQ(world.pull_all(bob)[0].expires, world.now.wall + 10s);
}

TEST_P(Admission, LimitsTheRateOfAnInvite) {
  auto& world = start();
  world.open(bob);
  const Letter letter{.grant = mailbox::Grant{.rate = 2, .key = 77}};
  EXPECT_EQ(world.send(alice, 1, bob, letter).refusal, Refusal::none);
  world.pass(600s);
  EXPECT_EQ(world.send(carol, 2, bob, letter).refusal, Refusal::none);
  const mailbox::Verdict refused = world.send(alice, 3, bob, letter);
  EXPECT_EQ(refused.refusal, Refusal::rate_limited);
  EXPECT_EQ(refused.retry_after, 3'000s);
  EXPECT_EQ(world.send(alice, 4, bob, {.grant = mailbox::Grant{.rate = 2, .key = 78}}).refusal, Refusal::none);
  world.pass(3'000s);
  EXPECT_EQ(world.send(alice, 3, bob, letter).refusal, Refusal::none);
}

TEST_P(Admission, DoesNotCountARepeatedSendAgainstTheRate) {
  auto& world = start();
  world.open(bob);
  const Letter letter{.grant = mailbox::Grant{.rate = 1, .key = 77}};
  EXPECT_EQ(world.send(alice, 1, bob, letter).refusal, Refusal::none);
  EXPECT_EQ(world.send(alice, 1, bob, letter).refusal, Refusal::none);
  EXPECT_EQ(world.send(alice, 2, bob, letter).refusal, Refusal::rate_limited);
}

TEST_P(Admission, DecidesEachRecipientAlone) {
  auto& world = start();
  world.open(bob, {.anyone = true});
  Device* const to[] = {&bob, &carol, &bob};
  const auto verdicts = world.send(alice, 1, to, {.grant = no_grant});
  ASSERT_THAT(verdicts, SizeIs(3));
  EXPECT_EQ(verdicts[0].refusal, Refusal::none);
  EXPECT_EQ(verdicts[1].refusal, Refusal::not_invited);
  EXPECT_EQ(verdicts[2].refusal, Refusal::duplicate_recipient);
  EXPECT_THAT(world.pull_all(bob), SizeIs(1));
}

}  // namespace
}  // namespace lethe::test
