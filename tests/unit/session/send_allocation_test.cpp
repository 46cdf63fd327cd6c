// The common send takes nothing from the heap. This program counts what it takes: see the operators below.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "support/session_probe.hpp"

namespace {
thread_local std::size_t allocations = 0;

void* counted(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc{};
}
}  // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
// Not inlined: where it sees only one of a pair, GCC takes them for mismatched.
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace lethe::session {
namespace {

class CountingOutbox final : public Outbox {
 public:
  std::size_t sent = 0;
  void push(const wire::ServerMessage&) override {}
  void push(const wire::Sent& message) override { sent += message.accepted; }
  void wake() override {}
  void close(const wire::Closing&) override {}
};

std::size_t allocations_of_sends(const wire::Send& send, std::optional<Credentials> credentials) {
  test::SessionProbe probe;
  probe.mailboxes.keep = false;
  CountingOutbox outbox;
  const auto session = std::make_shared<Conversation>(probe.services(), outbox, std::move(credentials), probe.now);
  session->start(probe.now);
  for (int i = 0; i < 3; ++i) session->on(send);   // warm: the arena's own lists have their room
  const std::size_t before = allocations;
  for (int i = 0; i < 100; ++i) session->on(send);
  const std::size_t after = allocations;
  EXPECT_EQ(outbox.sent, 103U);
  return after - before;
}

TEST(SendAllocation, ADevicesSendToOneRecipientTakesNothingFromTheHeap) {
  wire::Send send = test::send_to({{test::address_of(2), {}}}, 1, 256);
  send.topic = "presence";
  send.receipt = true;
  EXPECT_EQ(allocations_of_sends(send, Credentials{test::address_of(1), {}, {}, {}}), 0U);
}

TEST(SendAllocation, ASendWithARememberedInviteTakesNothingFromTheHeap) {
  const test::TestKey carol{3};
  const wire::Send send = test::send_to({{carol.address(), test::make_invite(carol, {.flags = 1})}}, 1, 256);
  EXPECT_EQ(allocations_of_sends(send, Credentials{test::address_of(1), {}, {}, {}}), 0U);
  EXPECT_EQ(allocations_of_sends(send, {}), 0U);
}

}  // namespace
}  // namespace lethe::session
