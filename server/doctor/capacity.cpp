#include "doctor/capacity.hpp"

#include <algorithm>

#include "base/arena.hpp"
#include "base/arena_classes.hpp"
#include "mailbox/relay_budget.hpp"

namespace lethe::doctor {
namespace {

// docs/operations.md has where these were measured.
constexpr ByteCount program = 20'000'000;
constexpr ByteCount session = 24'000;
constexpr ByteCount known_mailbox = 512;
constexpr ByteCount message = 128;
constexpr ByteCount acknowledged = 32;
constexpr ByteCount invite = 128;
constexpr ByteCount small_payload = 100;

}  // namespace

std::uint64_t messages_that_fit(const ops::Config& config, ByteCount payload) noexcept {
  const std::size_t block = arena_classes::size_of(arena_classes::index_of(payload + sizeof(ArenaBlock)));
  const std::uint64_t in_arena = config.memory.arena / Arena::slab_size * (Arena::slab_size / block);
  return std::min(in_arena, config.limits.relay.bytes / (payload + mailbox::RelayBudget::entry_overhead));
}

ByteCount memory_at_start(const ops::Config& config) noexcept { return config.memory.arena + program; }

ByteCount memory_at_most(const ops::Config& config) noexcept {
  const Limits& limits = config.limits;
  return memory_at_start(config) + limits.session.transit + limits.session.total * session + limits.relay.mailboxes * known_mailbox +
         messages_that_fit(config, small_payload) * message + limits.relay.dedupe_entries * acknowledged + limits.relay.invites * invite;
}

}  // namespace lethe::doctor
