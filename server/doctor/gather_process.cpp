#include <unistd.h>

#include <algorithm>
#include <set>

#include "doctor/gather.hpp"
#include "doctor/proc_file.hpp"

namespace lethe::doctor {
namespace {

namespace fs = std::filesystem;

// proc(5), limits: the name, then soft and hard limit.
std::optional<std::uint64_t> limit_of(const std::string& text, std::string_view name, std::size_t which) {
  for (const std::string& line : lines_of(text)) {
    if (!line.starts_with(name)) continue;
    const auto words = words_of(std::string_view{line}.substr(name.size()));
    if (words.size() > which) return number_of(words[which]);
  }
  return std::nullopt;
}

// Whether the process was started with that configuration file; with none where it is empty.
bool started_with(const fs::path& process, const std::string& file) {
  std::string line = read_text(process / "cmdline").value_or("");
  std::ranges::replace(line, '\0', '\n');
  const std::vector<std::string> arguments = lines_of(line);
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i].starts_with("--config=")) return arguments[i].substr(9) == file;
    if (arguments[i] == "--config" && i + 1 < arguments.size()) return arguments[i + 1] == file;
  }
  return file.empty();
}

std::optional<pid_t> relay_below(const fs::path& broker) {
  const auto child = read_number(broker / "task" / broker.filename() / "children");
  return child ? std::optional{static_cast<pid_t>(*child)} : std::nullopt;
}

// Absent too where there are several.
std::optional<pid_t> find_relay(const std::string& file, const fs::path& root) {
  std::set<pid_t> found;
  std::error_code error;
  for (fs::directory_iterator entry{root / "proc", error}, end; !error && entry != end; entry.increment(error)) {
    if (!number_of(entry->path().filename().string())) continue;
    if (read_word(entry->path() / "comm") != "lethe-broker" || !started_with(entry->path(), file)) continue;
    if (const auto relay = relay_below(entry->path())) found.insert(*relay);
  }
  return found.size() == 1 ? std::optional{*found.begin()} : std::nullopt;
}

std::uint64_t bits_of(const std::string& status, const char* name) {
  return number_of(value_of(status, name).value_or(""), 16).value_or(0);
}

}  // namespace

ProcessFacts gather_process(const std::optional<std::string>& file, const fs::path& root) {
  constexpr std::uint64_t lock = std::uint64_t{1} << 14, resource = std::uint64_t{1} << 24;   // CAP_IPC_LOCK, CAP_SYS_RESOURCE
  ProcessFacts facts;
  if (file) facts.relay = find_relay(*file, root);
  const fs::path subject = root / "proc" / (facts.relay ? std::to_string(*facts.relay) : "self");
  const std::string limits = read_text(subject / "limits").value_or("");
  facts.locked_limit = limit_of(limits, "Max locked memory", 1);
  facts.open_files = limit_of(limits, "Max open files", 0);
  if (facts.relay) {
    const auto swapped = value_of(read_text(subject / "status").value_or(""), "VmSwap");
    if (swapped) facts.swapped = number_of(*swapped).value_or(0) * 1'024;
  }
  const std::string status = read_text(root / "proc/self/status").value_or("");
  facts.may_lock_without_limit = (bits_of(status, "CapEff") & (lock | resource)) != 0;
  facts.bounding_set = bits_of(status, "CapBnd");
  facts.root = value_of(status, "Uid") == "0";
  if (const auto set = value_of(status, "NoNewPrivs")) facts.no_new_privileges = *set == "1";
  if (const auto mode = value_of(status, "Seccomp")) facts.filtered = *mode != "0";
  const auto pages = read_number(root / "proc/self/statm");
  facts.address_space = pages.value_or(0) * static_cast<ByteCount>(::sysconf(_SC_PAGESIZE));
  return facts;
}

Place gather_place(const ProcessFacts& process, const fs::path& root) {
  const auto there = [&root](const char* path) {
    std::error_code none;
    return fs::exists(root / path, none);
  };
  if (there("var/run/secrets/kubernetes.io")) return Place::kubernetes;
  if (there("run/.containerenv")) return Place::podman;
  if (there(".dockerenv")) return Place::docker;
  const std::string group = read_text(root / "proc" / (process.relay ? std::to_string(*process.relay) : "self") / "cgroup").value_or("");
  const auto in = [&group](const char* part) { return group.find(part) != std::string::npos; };
  if (in("kubepods")) return Place::kubernetes;
  if (in("libpod")) return Place::podman;
  if (in("docker")) return Place::docker;
  return in("/lethe.service") || in("/lethe@") ? Place::systemd : Place::shell;   // or an instance of the template
}

}  // namespace lethe::doctor
