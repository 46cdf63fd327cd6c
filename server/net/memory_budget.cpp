#include "net/memory_budget.hpp"

#include "base/memory_lock.hpp"

namespace lethe::net {
namespace {

// Measured, rounded up (docs/performance.md).
constexpr ByteCount session = 32'768;
constexpr ByteCount mailbox = 512;
constexpr ByteCount message = 128;          // beside its payload
constexpr ByteCount acknowledged = 40;
constexpr ByteCount invite = 128;
constexpr ByteCount smallest_block = 16;    // of the arena: a message without a payload

}  // namespace

ByteCount memory_to_come(const Limits& limits, ByteCount arena, unsigned threads) noexcept {
  return threads * thread_address_space + limits.session.total * session + limits.session.transit +
         limits.relay.mailboxes * mailbox + arena / smallest_block * message + limits.relay.dedupe_entries * acknowledged +
         limits.relay.invites * invite;
}

}  // namespace lethe::net
