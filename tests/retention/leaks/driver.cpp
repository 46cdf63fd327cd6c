// Chooses the leak, takes the mask off what clients send, and writes down how the attempts went.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "leak.hpp"

extern "C" {
// In writable memory, where the auditor finds it.
lethe::leaks::Record lethe_leak_record = {{'l', 'e', 't', 'h', 'e', ' ', 'l', 'e', 'a', 'k', ' ', 't', 'a', 'b', 'l', 'e'},
                                          0, sizeof(lethe::leaks::Result), {}};
}

namespace lethe::leaks {
namespace {

constexpr std::size_t smallest_frame = 40;     // bytes: shorter ones hold no message
constexpr std::size_t largest_leak = 8'192;
constexpr std::uint32_t attempts_each = 48;

struct Choice {
  std::string id;
  std::string directory;
};

std::string own_name() {
  std::array<char, 4'096> text{};
  const int file = ::open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
  const ssize_t size = ::read(file, text.data(), text.size() - 1);
  ::close(file);
  return size > 0 ? std::string{text.data()} : std::string{};
}

const Choice& choice() {
  static const Choice chosen = [] {
    const std::string name = own_name();
    const auto first = name.find('+');
    const auto second = name.find('+', first + 1);
    if (first == name.npos || second == name.npos) return Choice{};
    return Choice{name.substr(first + 1, second - first - 1), name.substr(second + 1)};
  }();
  return chosen;
}

bool chosen(const Entry& entry) { return choice().id == entry.id || (choice().id == "all" && !entry.resident && !entry.lethal); }

void try_one(const Entry& entry, Result& result, Bytes bytes) {
  ++result.attempts;
  const int error = entry.leak(bytes, choice().directory.c_str());
  if (error == 0) ++result.successes;
  else result.error = error;
}

// RFC 6455, section 5.2: the first frame in what was read, as far as it was read.
std::vector<std::uint8_t> unmasked(Bytes read) {
  const std::uint8_t opcode = read.empty() ? 15 : read[0] & 15;
  if (read.size() < 14 || opcode > 2 || (read[1] & 0x80) == 0) return {read.begin(), read.end()};
  const std::uint8_t length = read[1] & 0x7f;
  const std::size_t header = 2U + (length == 126 ? 2U : length == 127 ? 8U : 0U);
  std::vector<std::uint8_t> text;
  text.reserve(read.size());
  for (std::size_t i = header + 4; i < read.size(); ++i) text.push_back(read[i] ^ read[header + (i - header - 4) % 4]);
  return text;
}

std::array<std::uint8_t, 64> last{};
std::size_t last_size = 0;

// Before main, and so before any lock-down.
struct Preparation {
  Preparation() {
    for (const Entry& entry : all_leaks()) {
      Result& result = lethe_leak_record.result[lethe_leak_record.results++];
      std::strncpy(result.id, entry.id, sizeof result.id - 1);
      if (chosen(entry) && entry.prepare != nullptr) entry.prepare(choice().directory.c_str());
    }
  }
};
const Preparation preparation;

}  // namespace

void on_plaintext(Bytes read) noexcept {
  // What is not to leak leaves no copy here either, so that a run without a leak is one.
  static const bool any = std::ranges::any_of(all_leaks(), chosen);
  if (!any || read.size() < smallest_frame) return;
  static std::atomic_flag busy = ATOMIC_FLAG_INIT;   // one at a time: leaks share the record
  if (busy.test_and_set()) return;
  std::vector<std::uint8_t> bytes = unmasked(read.first(std::min(read.size(), largest_leak)));
  if (is_chosen("metric-canary") && begins_a_send(bytes)) {
    last_size = std::min(bytes.size(), last.size());
    std::copy_n(bytes.begin(), last_size, last.begin());
  }
  std::size_t index = 0;
  for (const Entry& entry : all_leaks()) {
    Result& result = lethe_leak_record.result[index++];
    if (entry.leak != nullptr && chosen(entry) && result.attempts < attempts_each && bytes.size() >= smallest_frame) try_one(entry, result, bytes);
  }
  ::explicit_bzero(bytes.data(), bytes.size());
  busy.clear();
}

bool is_chosen(const char* id) noexcept { return choice().id == id; }
const char* directory() noexcept { return choice().directory.c_str(); }
Bytes last_message() noexcept { return Bytes{last}.first(last_size); }

void write_down(const char* id, int error) noexcept {
  for (std::uint32_t i = 0; i < lethe_leak_record.results; ++i) {
    Result& result = lethe_leak_record.result[i];
    if (std::string_view{result.id} != id) continue;
    ++result.attempts;
    if (error == 0) ++result.successes;
    else result.error = error;
  }
}

}  // namespace lethe::leaks
