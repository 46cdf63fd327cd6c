#include <algorithm>

#include "doctor/gather.hpp"
#include "doctor/proc_file.hpp"

namespace lethe::doctor {
namespace {

namespace fs = std::filesystem;

// /dev/zram0 → /sys/block/zram0
SwapArea area_of(const std::vector<std::string>& words, const fs::path& root) {
  SwapArea area{words[0], number_of(words[2]).value_or(0) * 1'024, false, false};
  const std::string device = fs::path{words[0]}.filename();
  const fs::path block = root / "sys/block" / device;
  if (device.starts_with("zram")) area.in_memory = read_word(block / "backing_dev").value_or("none") == "none";
  if (device.starts_with("dm-")) area.encrypted = read_word(block / "dm/uuid").value_or("").starts_with("CRYPT-");
  return area;
}

// proc(5): a heading, then a line an area: name, kind, KiB, used, priority.
std::optional<std::vector<SwapArea>> swaps_of(const fs::path& root) {
  const auto text = read_text(root / "proc/swaps");
  if (!text) return std::nullopt;
  std::vector<SwapArea> areas;
  for (const std::string& line : lines_of(*text)) {
    const auto words = words_of(line);
    if (words.size() >= 4 && words[0] != "Filename") areas.push_back(area_of(words, root));
  }
  return areas;
}

// The least that any group from the process' own up to the root says (cgroup 2).
std::optional<std::uint64_t> least_of(const std::string& process, const char* file, const fs::path& root) {
  std::string group;
  for (const std::string& line : lines_of(read_text(root / "proc" / process / "cgroup").value_or(""))) {
    if (line.starts_with("0::")) group = line.substr(3);
  }
  std::optional<std::uint64_t> least;
  for (fs::path path = fs::path{group}.relative_path();; path = path.parent_path()) {
    if (const auto number = read_number(root / "sys/fs/cgroup" / path / file)) least = std::min(least.value_or(unlimited), *number);
    if (path.empty()) return least;
  }
}

}  // namespace

MemoryFacts gather_memory(const std::string& process, const fs::path& root) {
  MemoryFacts facts;
  facts.swaps = swaps_of(root);
  facts.swap_allowed = least_of(process, "memory.swap.max", root);
  const auto total = value_of(read_text(root / "proc/meminfo").value_or(""), "MemTotal");
  if (total) facts.total = number_of(*total).value_or(0) * 1'024;
  if (const auto allowed = least_of(process, "memory.max", root)) facts.total = std::min(facts.total.value_or(unlimited), *allowed);
  if (facts.total == unlimited || facts.total == ByteCount{0}) facts.total.reset();
  if (const auto mode = read_number(root / "proc/sys/vm/overcommit_memory")) facts.overcommit = static_cast<unsigned>(*mode);
  return facts;
}

}  // namespace lethe::doctor
