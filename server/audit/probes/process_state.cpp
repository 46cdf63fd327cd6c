#include "audit/probes/process_state.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <climits>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace lethe::audit {
namespace {

namespace fs = std::filesystem;

fs::path directory_of(pid_t process) { return fs::path{"/proc"} / std::to_string(process); }

// The numbers that name the entries of a directory in /proc; empty where it has gone.
std::vector<int> numbers_in(const fs::path& directory) {
  std::vector<int> numbers;
  std::error_code error;
  for (fs::directory_iterator entry{directory, error}, end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename();
    int number = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), number).ec == std::errc{}) numbers.push_back(number);
  }
  std::ranges::sort(numbers);
  return numbers;
}

}  // namespace

std::map<std::string, std::string> status_of(pid_t process) {
  std::map<std::string, std::string> fields;
  std::ifstream file{directory_of(process) / "status"};
  for (std::string line; std::getline(file, line);) {
    const auto colon = line.find(':');
    const auto value = line.find_first_not_of("\t ", colon + 1);
    if (colon != line.npos) fields[line.substr(0, colon)] = value == line.npos ? "" : line.substr(value);
  }
  return fields;
}

// Columns of fixed width: 26 for the name, 21 for each limit (fs/proc/base.c).
std::map<std::string, std::string> limits_of(pid_t process) {
  std::map<std::string, std::string> limits;
  std::ifstream file{directory_of(process) / "limits"};
  for (std::string line; std::getline(file, line);) {
    if (line.size() < 27) continue;
    std::string soft;
    std::string hard;
    std::istringstream{line.substr(26)} >> soft >> hard;
    limits[line.substr(0, line.find_last_not_of(' ', 25) + 1)] = soft + " " + hard;
  }
  return limits;
}

std::map<int, std::string> descriptors_of(pid_t process) {
  std::map<int, std::string> descriptors;
  const fs::path directory = directory_of(process) / "fd";
  for (const int number : numbers_in(directory)) {
    std::array<char, PATH_MAX> target{};
    const fs::path link = directory / std::to_string(number);
    struct stat about {};
    // By its number, since a process in a root of its own has another name for it.
    if (::stat(link.c_str(), &about) == 0 && S_ISCHR(about.st_mode) && about.st_rdev == makedev(1, 3)) {
      descriptors[number] = "/dev/null";
      continue;
    }
    const ssize_t size = ::readlink(link.c_str(), target.data(), target.size());
    if (size > 0) descriptors[number] = std::string{target.data(), static_cast<std::size_t>(size)};
  }
  return descriptors;
}

std::vector<std::string> variables_of(pid_t process) {
  std::vector<std::string> names;
  std::ifstream file{directory_of(process) / "environ", std::ios::binary};
  for (std::string entry; std::getline(file, entry, '\0');) names.push_back(entry.substr(0, entry.find('=')));
  return names;
}

std::vector<pid_t> threads_of(pid_t process) { return numbers_in(directory_of(process) / "task"); }

std::vector<pid_t> children_of(pid_t process) {
  std::vector<pid_t> children;
  for (const pid_t thread : threads_of(process)) {
    std::ifstream file{directory_of(process) / "task" / std::to_string(thread) / "children"};
    std::copy(std::istream_iterator<pid_t>{file}, {}, std::back_inserter(children));
  }
  return children;
}

std::vector<MappingRights> mappings_of(pid_t process) {
  std::vector<MappingRights> mappings;
  std::ifstream file{directory_of(process) / "maps"};
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields{line};
    std::string skipped;
    MappingRights mapping;
    fields >> skipped >> mapping.rights >> skipped >> skipped >> skipped >> std::ws;
    std::getline(fields, mapping.name);
    mappings.push_back(std::move(mapping));
  }
  return mappings;
}

bool keeps_nothing(std::string_view descriptor) noexcept {
  constexpr std::string_view kinds[] = {"socket:", "pipe:", "anon_inode:[eventpoll]", "anon_inode:[eventfd]", "anon_inode:[timerfd]",
                                        "anon_inode:[signalfd]", "anon_inode:[pidfd]", "anon_inode:inotify"};
  return descriptor == "/dev/null" || std::ranges::any_of(kinds, [=](std::string_view kind) { return descriptor.starts_with(kind); });
}

}  // namespace lethe::audit
