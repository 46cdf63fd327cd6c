#include "audit/probes/memory_map.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>

namespace lethe::audit {
namespace {

constexpr std::array<std::string_view, 5> of_the_kernel = {"[vdso]", "[vvar]", "[vvar_vclock]", "[vsyscall]", "[uprobes]"};

std::string hex(std::uint64_t value) {
  std::ostringstream text;
  text << "0x" << std::hex << value;
  return text.str();
}

bool parse(const std::string& line, Mapping& mapping) {
  std::istringstream fields{line};
  char dash = 0;
  std::string offset, device, inode;
  if (!(fields >> std::hex >> mapping.begin >> dash >> mapping.end >> mapping.permissions >> offset >> device >> inode)) {
    return false;
  }
  fields >> std::ws;
  std::getline(fields, mapping.name);
  if (mapping.name.empty()) mapping.name = "[anonymous]";
  return true;
}

// The stack pointer of a thread that waits in a system call: the last but one field of its `syscall` file. 0: unknown.
std::uint64_t stack_pointer(const std::filesystem::path& thread) {
  std::ifstream file{thread / "syscall"};
  std::string line;
  std::getline(file, line);
  const std::size_t last = line.rfind(' ');
  if (last == std::string::npos || last == 0) return 0;
  const std::size_t before = line.rfind(' ', last - 1);
  if (before == std::string::npos) return 0;
  std::istringstream field{line.substr(before + 1, last - before - 1)};
  std::uint64_t value = 0;
  field >> std::hex >> value;
  return value;
}

void name_stacks(pid_t process, std::vector<Mapping>& mappings) {
  const std::filesystem::path threads = "/proc/" + std::to_string(process) + "/task";
  std::error_code ended;
  for (const auto& thread : std::filesystem::directory_iterator{threads, ended}) {
    const std::uint64_t pointer = stack_pointer(thread.path());
    const auto mapping = std::ranges::find_if(
        mappings, [pointer](const Mapping& one) { return one.begin <= pointer && pointer < one.end; });
    if (mapping == mappings.end()) continue;
    mapping->stack_pointer = pointer;
    if (mapping->name == "[anonymous]") mapping->name = "[stack of thread " + thread.path().filename().string() + "]";
  }
}

}  // namespace

std::vector<Mapping> memory_map(pid_t process) {
  std::ifstream file{"/proc/" + std::to_string(process) + "/maps"};
  std::vector<Mapping> mappings;
  for (std::string line; std::getline(file, line);) {
    Mapping mapping;
    if (parse(line, mapping) && std::ranges::find(of_the_kernel, mapping.name) == of_the_kernel.end()) {
      mappings.push_back(std::move(mapping));
    }
  }
  name_stacks(process, mappings);
  return mappings;
}

std::string place_in(const Mapping& mapping, std::uint64_t offset) {
  std::string place = mapping.name;
  if (place == "[anonymous]") {
    place += " " + mapping.permissions + " of " + std::to_string(mapping.size() / 1024) + " KiB ";
  }
  place += "+" + hex(offset);
  const std::uint64_t address = mapping.begin + offset;
  if (mapping.stack_pointer > address) {
    place += " (" + std::to_string(mapping.stack_pointer - address) + " bytes below the stack pointer)";
  }
  return place;
}

}  // namespace lethe::audit
