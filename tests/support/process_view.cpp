#include "support/process_view.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace lethe::test {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t part_size = 1 << 20;

std::string place(pid_t process, const std::string& name) { return "/proc/" + std::to_string(process) + "/" + name; }

std::map<std::string, std::string> read_status(const std::string& path) {
  std::map<std::string, std::string> fields;
  std::ifstream status{path};
  for (std::string line; std::getline(status, line);) {
    const auto colon = line.find(':');
    const auto value = line.find_first_not_of(" \t", colon + 1);
    if (colon != line.npos) fields[line.substr(0, colon)] = value == line.npos ? "" : line.substr(value);
  }
  return fields;
}

// Parts overlap by the length of what is sought.
bool range_holds(int memory, std::uint64_t begin, std::uint64_t end, const std::string& bytes) {
  std::string part(part_size + bytes.size(), '\0');
  for (std::uint64_t at = begin; at < end; at += part_size) {
    const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(part.size(), end - at));
    const ssize_t got = ::pread(memory, part.data(), wanted, static_cast<off_t>(at));
    if (got <= 0) continue;   // a hole
    if (std::string_view{part}.substr(0, static_cast<std::size_t>(got)).find(bytes) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

std::map<std::string, std::string> status_of(pid_t process) { return read_status(place(process, "status")); }

std::vector<std::map<std::string, std::string>> threads_of(pid_t process) {
  std::vector<std::map<std::string, std::string>> threads;
  for (const auto& thread : fs::directory_iterator{place(process, "task")}) threads.push_back(read_status(thread.path() / "status"));
  return threads;
}

std::map<int, std::string> descriptors_of(pid_t process) {
  std::map<int, std::string> found;
  std::error_code error;
  for (fs::directory_iterator at{place(process, "fd"), error}; !error && at != fs::directory_iterator{}; at.increment(error)) {
    std::error_code gone;
    const fs::path target = fs::read_symlink(at->path(), gone);
    if (!gone) found[std::stoi(at->path().filename())] = target;
  }
  return found;
}

std::vector<std::string> environment_of(pid_t process) {
  std::ifstream file{place(process, "environ"), std::ios::binary};
  std::vector<std::string> variables;
  for (std::string variable; std::getline(file, variable, '\0');) variables.push_back(variable);
  return variables;
}

std::string limit_of(pid_t process, const std::string& name) {
  std::ifstream limits{place(process, "limits")};
  for (std::string line; std::getline(limits, line);) {
    if (!line.starts_with(name)) continue;
    std::istringstream words{line.substr(name.size())};
    std::string soft, hard;
    words >> soft >> hard;
    return soft + " " + hard;
  }
  return {};
}

std::vector<pid_t> children_of(pid_t process) {
  std::ifstream children{place(process, "task/" + std::to_string(process) + "/children")};
  return {std::istream_iterator<pid_t>{children}, {}};
}

bool memory_holds(pid_t process, const std::string& bytes) {
  const int memory = ::open(place(process, "mem").c_str(), O_RDONLY | O_CLOEXEC);
  if (memory < 0) throw std::runtime_error{"the memory of the process can't be read"};
  std::ifstream maps{place(process, "maps")};
  bool found = false;
  for (std::string line; !found && std::getline(maps, line);) {
    std::uint64_t begin = 0, end = 0;
    char dash = 0, readable = 0;
    std::istringstream{line} >> std::hex >> begin >> dash >> end >> readable;
    if (readable == 'r' && line.find("[vvar]") == line.npos) found = range_holds(memory, begin, end, bytes);
  }
  ::close(memory);
  return found;
}

bool alive(pid_t process) {
  const auto status = status_of(process);
  const auto state = status.find("State");
  return state != status.end() && !state->second.starts_with('Z');
}

}  // namespace lethe::test
