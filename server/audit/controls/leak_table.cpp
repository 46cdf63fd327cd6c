#include "audit/controls/leak_table.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string_view>

namespace lethe::audit {
namespace {

// magic[16], number of results, size of one; then results: id[24], attempts, successes, error, reserved.
constexpr std::string_view magic = "lethe leak table";
constexpr std::size_t head = 24;
constexpr std::size_t id_size = 24;
constexpr std::size_t result_size = 40;
constexpr std::size_t most_results = 64;
constexpr std::size_t largest_mapping = 16 << 20;   // a program's variables, never an arena

struct Range {
  std::uint64_t from = 0;
  std::uint64_t size = 0;
};

// Private, readable and writable, and belonging to a file: where variables lie.
std::vector<Range> variables_of(pid_t process) {
  std::vector<Range> ranges;
  std::ifstream maps{"/proc/" + std::to_string(process) + "/maps"};
  for (std::string line; std::getline(maps, line);) {
    std::istringstream fields{line};
    Range range;
    std::uint64_t to = 0;
    char dash = 0;
    std::string rights;
    fields >> std::hex >> range.from >> dash >> to >> rights;
    range.size = to - range.from;
    if (rights == "rw-p" && range.size <= largest_mapping) ranges.push_back(range);
  }
  return ranges;
}

std::uint32_t word_at(const char* at) {
  std::uint32_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

std::optional<std::vector<LeakResult>> read_table(std::string_view bytes) {
  const auto at = bytes.find(magic);
  if (at == bytes.npos || bytes.size() - at < head) return std::nullopt;
  const std::string_view table = bytes.substr(at);
  const std::uint32_t count = word_at(table.data() + 16);
  if (count == 0 || count > most_results || word_at(table.data() + 20) != result_size || table.size() < head + count * result_size) return std::nullopt;
  std::vector<LeakResult> results;
  for (std::uint32_t i = 0; i < count; ++i) {
    const char* const entry = table.data() + head + i * result_size;
    results.push_back({std::string{entry, ::strnlen(entry, id_size)}, word_at(entry + id_size), word_at(entry + id_size + 4),
                       static_cast<int>(word_at(entry + id_size + 8))});
  }
  return results;
}

}  // namespace

std::optional<std::vector<LeakResult>> leaks_of(pid_t process) {
  const int memory = ::open(("/proc/" + std::to_string(process) + "/mem").c_str(), O_RDONLY | O_CLOEXEC);
  if (memory < 0) return std::nullopt;
  std::optional<std::vector<LeakResult>> found;
  std::string bytes;
  for (const Range& range : variables_of(process)) {
    bytes.resize(range.size);
    const ssize_t got = ::pread(memory, bytes.data(), bytes.size(), static_cast<off_t>(range.from));
    if (got > 0) found = read_table(std::string_view{bytes}.substr(0, static_cast<std::size_t>(got)));
    if (found) break;
  }
  ::close(memory);
  return found;
}

}  // namespace lethe::audit
