// What systemd would give the relay: the installed unit and its drop-ins (systemd.exec(5), systemd.resource-control(5)).
#include <algorithm>

#include "doctor/gather.hpp"
#include "doctor/proc_file.hpp"

namespace lethe::doctor {
namespace {

namespace fs = std::filesystem;

constexpr const char* folders[] = {"etc/systemd/system", "usr/local/lib/systemd/system", "usr/lib/systemd/system", "lib/systemd/system"};

std::string unit_text(const fs::path& root) {
  std::string text;
  for (const char* const folder : folders) {
    if (const auto unit = read_text(root / folder / "lethe.service")) {
      text = *unit;
      break;
    }
  }
  if (text.empty()) return text;
  std::vector<fs::path> parts;
  for (const char* const folder : folders) {
    std::error_code error;
    for (fs::directory_iterator entry{root / folder / "lethe.service.d", error}, end; !error && entry != end; entry.increment(error)) {
      if (entry->path().extension() == ".conf") parts.push_back(entry->path());
    }
  }
  std::ranges::sort(parts, {}, [](const fs::path& part) { return part.filename(); });
  for (const fs::path& part : parts) text += "\n" + read_text(part).value_or("");
  return text;
}

// The last one counts.
std::optional<std::string> setting(const std::string& text, const std::string& name) {
  std::optional<std::string> value;
  for (const std::string& line : lines_of(text)) {
    if (line.starts_with(name + "=")) value = line.substr(name.size() + 1);
  }
  return value;
}

// «SOFT:HARD» or one for both; bytes with K, M, G or T.
std::optional<std::uint64_t> limit(const std::optional<std::string>& value, bool hard) {
  if (!value) return std::nullopt;
  const auto colon = value->find(':');
  std::string word = colon == value->npos ? *value : hard ? value->substr(colon + 1) : value->substr(0, colon);
  constexpr std::string_view units = "KMGT";
  const auto unit = word.empty() ? units.npos : units.find(word.back());
  if (unit != units.npos) word.pop_back();
  const auto number = number_of(word);
  return number && unit != units.npos ? std::optional{*number << (10 * (unit + 1))} : number;
}

}  // namespace

bool unit_is_installed(const fs::path& root) { return !unit_text(root).empty(); }

void apply_unit(ProcessFacts& process, MemoryFacts& memory, const fs::path& root) {
  const std::string text = unit_text(root);
  if (text.empty()) return;
  constexpr std::uint64_t default_lock = 8'388'608, default_files = 1'024;   // systemd-system.conf(5)
  process.locked_limit = limit(setting(text, "LimitMEMLOCK"), true).value_or(default_lock);
  process.open_files = limit(setting(text, "LimitNOFILE"), false).value_or(default_files);
  process.may_lock_without_limit = false;
  if (const auto swap = limit(setting(text, "MemorySwapMax"), true)) memory.swap_allowed = *swap;
  if (const auto most = limit(setting(text, "MemoryMax"), true)) memory.total = std::min(memory.total.value_or(unlimited), *most);
}

}  // namespace lethe::doctor
