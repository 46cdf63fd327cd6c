#include "bench/usage.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace lethe::bench {
namespace {

void add_threads(const std::string& directory, Usage& usage) {
  std::error_code gone;
  for (const auto& thread : std::filesystem::directory_iterator{directory + "task", gone}) {
    std::ifstream schedstat{thread.path() / "schedstat"};
    std::uint64_t ran = 0;
    std::uint64_t waited = 0;
    schedstat >> ran >> waited;
    usage.ran += static_cast<double>(ran) / 1e9;
    usage.waited += static_cast<double>(waited) / 1e9;
  }
}

void add_process(pid_t pid, Usage& usage) {
  const std::string directory = "/proc/" + std::to_string(pid) + "/";
  std::ifstream stat{directory + "stat"};
  std::string text{std::istreambuf_iterator<char>{stat}, {}};
  const std::size_t name_ends = text.rfind(')');
  if (name_ends == text.npos) return;
  unsigned long user = 0;
  std::sscanf(text.c_str() + name_ends + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu", &user);
  usage.user += static_cast<double>(user) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  add_threads(directory, usage);
  std::ifstream status{directory + "status"};
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) usage.resident += std::stoull(line.substr(6)) * 1'024;
    if (line.starts_with("VmLck:")) usage.locked += std::stoull(line.substr(6)) * 1'024;
  }
  std::ifstream children{directory + "task/" + std::to_string(pid) + "/children"};
  for (pid_t child = 0; children >> child;) add_process(child, usage);
}

}  // namespace

double own_processor_seconds() {
  rusage own{};
  ::getrusage(RUSAGE_SELF, &own);
  const auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
  return seconds(own.ru_utime) + seconds(own.ru_stime);
}

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
