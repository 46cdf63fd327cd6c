#include <gmock/gmock.h>

#include "unit/doctor/healthy.hpp"

namespace lethe::doctor {
namespace {

using ::testing::HasSubstr;

class MemoryChecks : public testing::Test {
 protected:
  Severity of(Check check) const { return check(config, facts).severity; }

  ops::Config config = good_config();
  Facts facts = healthy();
};

TEST_F(MemoryChecks, FindNothingWhereAllMemoryMayBeLocked) {
  for (const Check check : {check_locked_memory, check_swap, check_swapped, check_secret_memory}) {
    EXPECT_EQ(of(check), Severity::ok) << check(config, facts).what;
  }
}

// The limit against what is to be locked, without and with swap.
TEST_F(MemoryChecks, AFiniteLimitBreaksThePromiseAsSoonAsThereIsSwap) {
  facts.process.locked_limit = config.memory.arena;
  EXPECT_EQ(locked_memory(config, facts), Locked::payloads);
  EXPECT_EQ(of(check_locked_memory), Severity::warning);
  EXPECT_EQ(of(check_swap), Severity::ok);
  facts.memory.swaps->push_back(disk());
  const Finding finding = check_locked_memory(config, facts);
  EXPECT_EQ(finding.severity, Severity::breaks_promise);
  EXPECT_THAT(finding.why, HasSubstr("ddresses, ids and times"));
  EXPECT_EQ(of(check_swap), Severity::breaks_promise);
}

TEST_F(MemoryChecks, TheLimitThatIsAskedForIsEnough) {
  facts.process.locked_limit = needed_lock_limit(config, facts);
  EXPECT_EQ(of(check_locked_memory), Severity::ok);
  facts.process.locked_limit = *facts.process.locked_limit - 1;
  EXPECT_EQ(of(check_locked_memory), Severity::warning);
  facts.process.may_lock_without_limit = true;
  EXPECT_EQ(of(check_locked_memory), Severity::ok);
}

TEST_F(MemoryChecks, ALimitBelowThePayloadsStopsAStartThatRequiresIt) {
  facts.process.locked_limit = 8'388'608;
  facts.memory.swaps->push_back(disk());
  const Finding required = check_locked_memory(config, facts);
  EXPECT_EQ(required.severity, Severity::warning);
  EXPECT_THAT(required.why, HasSubstr("not start"));
  config.memory.locking = MemoryLocking::best_effort;
  EXPECT_EQ(of(check_locked_memory), Severity::breaks_promise);
  facts.memory.swaps->clear();
  EXPECT_EQ(of(check_locked_memory), Severity::warning);
}

TEST_F(MemoryChecks, LockingThatIsOffBreaksThePromiseAsSoonAsThereIsSwap) {
  config.memory.locking = MemoryLocking::off;
  EXPECT_EQ(of(check_locked_memory), Severity::warning);
  facts.memory.swaps->push_back(disk());
  EXPECT_EQ(of(check_locked_memory), Severity::breaks_promise);
}

TEST_F(MemoryChecks, TheLimitsFixIsForThePlace) {
  facts.process.locked_limit = 0;
  const struct { Place place; const char* fix; } cases[] = {
      {Place::shell, "ulimit -l unlimited"},         {Place::systemd, "LimitMEMLOCK=infinity"},
      {Place::docker, "--ulimit memlock=-1:-1"},     {Place::podman, "--ulimit memlock=-1:-1"},
      {Place::kubernetes, "LimitMEMLOCK=infinity"},
  };
  for (const auto& [place, fix] : cases) {
    facts.host.place = place;
    EXPECT_EQ(check_locked_memory(config, facts).fix, fix);
  }
}

TEST_F(MemoryChecks, NothingIsClaimedOfALimitThatCantBeSeen) {
  facts.process.locked_limit.reset();
  EXPECT_EQ(of(check_locked_memory), Severity::note);
  facts.memory.swaps->push_back(disk());
  EXPECT_EQ(of(check_swap), Severity::warning);
}

TEST_F(MemoryChecks, SwapBesideLockedMemoryIsWorthANote) {
  facts.memory.swaps->push_back(disk());
  const Finding finding = check_swap(config, facts);
  EXPECT_EQ(finding.severity, Severity::note);
  EXPECT_THAT(finding.what, HasSubstr("/dev/sda2 (2 GiB)"));
  EXPECT_EQ(finding.fix, "swapoff -a");
  facts.host.place = Place::systemd;
  EXPECT_EQ(check_swap(config, facts).fix, "MemorySwapMax=0");
}

TEST_F(MemoryChecks, SwapIsJudgedByWhatItLiesOn) {
  facts.process.locked_limit = config.memory.arena;
  const SwapArea zram{"/dev/zram0", 1'024, true, false};
  const SwapArea encrypted{"/dev/dm-0", 1'024, false, true};
  facts.memory.swaps = {{zram}};
  EXPECT_EQ(of(check_swap), Severity::note);
  facts.memory.swaps = {{zram, encrypted}};
  EXPECT_EQ(of(check_swap), Severity::warning);
  facts.memory.swaps = {{encrypted, disk()}};
  EXPECT_EQ(of(check_swap), Severity::breaks_promise);
  facts.memory.swap_allowed = 0;
  EXPECT_EQ(of(check_swap), Severity::ok);
  EXPECT_EQ(of(check_locked_memory), Severity::warning);
}

TEST_F(MemoryChecks, SwapThatCantBeSeenIsSaidToBeUnseen) {
  facts.memory.swaps.reset();
  const Finding finding = check_swap(config, facts);
  EXPECT_EQ(finding.severity, Severity::note);
  EXPECT_THAT(finding.what, HasSubstr("can't be seen"));
}

TEST_F(MemoryChecks, ARelayThatHasBeenSwappedBreaksThePromise) {
  facts.process.relay = 4'711;
  EXPECT_EQ(of(check_swapped), Severity::note) << "unseen";
  facts.process.swapped = 0;
  EXPECT_EQ(of(check_swapped), Severity::ok);
  facts.process.swapped = 8'192;
  EXPECT_EQ(of(check_swapped), Severity::warning) << "no swap on a disk now";
  facts.memory.swaps->push_back(disk());
  EXPECT_EQ(of(check_swapped), Severity::breaks_promise);
}

TEST_F(MemoryChecks, SecretMemoryIsANoteUnlessItIsRequired) {
  facts.kernel.secret_memory = false;
  EXPECT_EQ(of(check_secret_memory), Severity::note);
  config.memory.secret = SecretMemory::required;
  EXPECT_EQ(of(check_secret_memory), Severity::warning);
  facts.kernel.secret_memory = true;
  EXPECT_EQ(of(check_secret_memory), Severity::ok);
  facts.process.locked_limit = 0;
  EXPECT_EQ(of(check_secret_memory), Severity::warning);
  config.memory.secret = SecretMemory::off;
  EXPECT_EQ(of(check_secret_memory), Severity::note);
}

}  // namespace
}  // namespace lethe::doctor
