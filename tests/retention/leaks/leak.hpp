#pragma once
// Planted leaks: ways in which bytes of a message get out of a relay or stay in it, so that the auditor can show that it sees
// each. Never installed, never part of `lethe`. A leak is a file of this directory and a line in all_leaks.cpp; what must see it
// is a line in server/audit/controls/.
#include <cstdint>
#include <span>

namespace lethe::leaks {

using Bytes = std::span<const std::uint8_t>;
inline constexpr std::size_t send_head = 40;

// `bytes`: what a client has just sent, without its WebSocket mask. `directory`: where files may be planted. Returns 0 where the
// bytes have got out (by the kernel's word, or by reading them back), else the errno.
using Leak = int (*)(Bytes bytes, const char* directory);

struct Entry {
  const char* id;
  Leak leak;
  bool resident = false;                          // it stays in the process: nothing for a lock-down to prevent
  void (*prepare)(const char* directory) = nullptr;   // before main: what was there before the lock-down
  bool lethal = false;                            // under a lock-down the attempt ends the process: it is tried alone
};

std::span<const Entry> all_leaks() noexcept;

// Whether it begins with a record of kind `send` (docs/protocol.md): length 4 | kind 1 | flags 1 | id 16 | …
inline bool begins_a_send(Bytes bytes) noexcept {
  return bytes.size() >= send_head && bytes[0] == 0 && bytes[1] <= 1 && bytes[4] == 1;
}

// What the auditor reads out of the process's memory, to know whether a leak has leaked. Found by its first 16 bytes.
struct Result {
  char id[24];
  std::uint32_t attempts;
  std::uint32_t successes;
  std::int32_t error;          // of the last attempt that failed
  std::uint32_t reserved;
};
struct Record {
  char magic[16];              // "lethe leak table"
  std::uint32_t results;       // entries in use
  std::uint32_t result_size;   // sizeof(Result)
  Result result[64];
};

// The leak to be tried is named by the program's own name, NAME+ID+DIRECTORY (it outlives every cleaning of the environment); the
// id «all» tries one after the other, but for those that stay inside or are lethal.
void on_plaintext(Bytes read) noexcept;

// For leaks by what the relay itself sends: whether this one is to be tried, where, and how it went.
bool is_chosen(const char* id) noexcept;
const char* directory() noexcept;
void write_down(const char* id, int error) noexcept;
// The beginning of the last `send` of a client, up to 64 bytes.
Bytes last_message() noexcept;

}  // namespace lethe::leaks
