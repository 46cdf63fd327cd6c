#include "net/record_buffers.hpp"

#include <malloc.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>

#include <lethe/base/wipe.hpp>

#include "base/mutation.hpp"

namespace lethe::net::record_buffers {
namespace {

using Ticket = std::uint64_t;
constexpr std::size_t smallest = 16'384;
constexpr std::size_t largest = 20'480;
constexpr std::size_t room_for_ticket = 24;   // more than malloc's rounding: no other request has such a usable size
constexpr std::size_t above_largest = 20'992;
constexpr std::size_t kept_at_most = 4;
constexpr std::size_t book_size = 8;

struct Entry {
  Ticket ticket;
  const std::uint8_t* memory;
  std::size_t usable;
  std::size_t used;
  bool spoken_of;
};

// One thread's blocks: those kept for the next use, and the book of those taken last. Trivial, so that it can serve while
// the thread ends.
struct Thread {
  std::array<void*, kept_at_most> kept;
  std::size_t count;
  std::array<Entry, book_size> book;
  std::size_t next;
  bool ended;
};
thread_local constinit Thread thread{};

// Frees what a thread kept when it ends. OpenSSL may still give blocks back after that: they are freed at once.
struct Leaving {
  ~Leaving() {
    thread.ended = true;
    while (thread.count > 0) std::free(thread.kept[--thread.count]);
  }
};
thread_local Leaving leaving;
constinit std::atomic<Ticket> tickets{1};

void* ticket_place(void* memory, std::size_t usable) noexcept { return static_cast<std::uint8_t*>(memory) + usable - sizeof(Ticket); }

void write_down(void* memory) noexcept {
  const std::size_t usable = malloc_usable_size(memory);
  const Ticket ticket = tickets.fetch_add(1, std::memory_order_relaxed);
  std::memcpy(ticket_place(memory, usable), &ticket, sizeof ticket);
  thread.book[thread.next] = {ticket, static_cast<const std::uint8_t*>(memory), usable, 0, false};
  thread.next = (thread.next + 1) % book_size;
}

// How much of the block was used, and its entry is struck out.
std::size_t used_of(void* memory, std::size_t usable) noexcept {
  Ticket ticket = 0;
  std::memcpy(&ticket, ticket_place(memory, usable), sizeof ticket);
  for (Entry& entry : thread.book) {
    if (entry.memory != memory || entry.ticket != ticket) continue;
    const std::size_t used = entry.spoken_of ? entry.used : usable;
    entry = {};
    return used;
  }
  return usable;
}

}  // namespace

bool asks_for_one(std::size_t size) noexcept { return size >= smallest && size <= largest; }

bool is_one(std::size_t usable) noexcept { return usable >= smallest + room_for_ticket && usable < above_largest; }

std::size_t other_size(std::size_t size) noexcept { return size > largest && size < above_largest ? above_largest : size; }

void* take(std::size_t size) noexcept {
  void* memory = nullptr;
  for (std::size_t i = thread.count; i > 0 && memory == nullptr; --i) {
    if (malloc_usable_size(thread.kept[i - 1]) < size + sizeof(Ticket)) continue;
    memory = thread.kept[i - 1];
    thread.kept[i - 1] = thread.kept[--thread.count];
  }
  if (memory == nullptr) memory = std::malloc(size + room_for_ticket);
  if (memory != nullptr) write_down(memory);
  return memory;
}

void give_back(void* memory) noexcept {
  const std::size_t usable = malloc_usable_size(memory);
  const std::size_t used = used_of(memory, usable);
  if (LETHE_KEEP(record_buffer_wipe)) wipe(memory, used);
  wipe(ticket_place(memory, usable), sizeof(Ticket));
  if (thread.ended || thread.count == kept_at_most) return std::free(memory);
  [[maybe_unused]] Leaving& made_for_this_thread = leaving;
  thread.kept[thread.count++] = memory;
}

void used_up_to(const void* end) noexcept {
  const auto* const at = static_cast<const std::uint8_t*>(end);
  const std::less_equal<const std::uint8_t*> at_most;
  for (Entry& entry : thread.book) {
    if (entry.memory == nullptr || !at_most(entry.memory, at) || !at_most(at, entry.memory + entry.usable)) continue;
    entry.used = std::max(entry.used, static_cast<std::size_t>(at - entry.memory));
    entry.spoken_of = true;
  }
}

}  // namespace lethe::net::record_buffers
