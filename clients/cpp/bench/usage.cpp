#include "bench/usage.hpp"

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

namespace lethe::bench {
namespace {

void add_process(pid_t pid, Usage& usage) {
  const std::string directory = "/proc/" + std::to_string(pid) + "/";
  std::ifstream stat{directory + "stat"};
  std::string text{std::istreambuf_iterator<char>{stat}, {}};
  const std::size_t name_ends = text.rfind(')');
  if (name_ends == text.npos) return;
  unsigned long user = 0;
  unsigned long system = 0;
  std::sscanf(text.c_str() + name_ends + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  usage.user += static_cast<double>(user) / ticks;
  usage.system += static_cast<double>(system) / ticks;
  std::ifstream status{directory + "status"};
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) usage.resident += std::stoull(line.substr(6)) * 1'024;
    if (line.starts_with("VmLck:")) usage.locked += std::stoull(line.substr(6)) * 1'024;
  }
  std::ifstream children{directory + "task/" + std::to_string(pid) + "/children"};
  for (pid_t child = 0; children >> child;) add_process(child, usage);
}

}  // namespace

Usage usage_of(pid_t pid) {
  Usage usage;
  if (pid > 0) add_process(pid, usage);
  std::ifstream sockets{"/proc/net/sockstat"};
  for (std::string line; std::getline(sockets, line);) {
    const std::size_t at = line.find(" mem ");
    if (line.starts_with("TCP:") && at != line.npos) usage.kernel_sockets = std::stoull(line.substr(at + 5)) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  }
  return usage;
}

}  // namespace lethe::bench
