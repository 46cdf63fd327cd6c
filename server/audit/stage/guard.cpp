#include "audit/stage/guard.hpp"

#include <sys/prctl.h>
#include <sys/swap.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>

#include "audit/stage/process_table.hpp"

namespace lethe::audit {
namespace {

constexpr const char* core_pattern = "/proc/sys/kernel/core_pattern";
volatile std::sig_atomic_t child_of_guard = 0;

std::string first_line(const std::string& path) {
  std::ifstream file{path};
  std::string line;
  std::getline(file, line);
  return line;
}

std::set<std::string> swap_devices() {
  std::set<std::string> devices;
  std::ifstream file{"/proc/swaps"};
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) devices.insert(line.substr(0, line.find_first_of(" \t")));
  return devices;
}

// As the storage probe names it (probes/swap_watch.cpp).
bool lies_on_an_auditors_file(const std::string& device) {
  const std::string name = std::filesystem::path{device}.filename().string();
  return first_line("/sys/block/" + name + "/loop/backing_file").ends_with("/swap.image");
}

void pass_on(int number) {
  if (child_of_guard > 0) ::kill(static_cast<pid_t>(child_of_guard), number);
}

void end_children() {
  for (;;) {
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    bool any = false;
    for (const ProcessEntry& entry : all_processes()) {
      if (entry.parent != ::getpid()) continue;
      any = true;
      ::kill(entry.pid, SIGKILL);
    }
    if (!any) return;
    ::usleep(2'000);
  }
}

}  // namespace

int guarded(const std::function<int()>& work) {
  const std::set<std::string> swap_before = swap_devices();
  const std::string pattern_before = first_line(core_pattern);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  const pid_t guard = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error{"the audit can't be started: no fork"};
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != guard) ::_exit(126);
    const int status = work();
    std::fflush(nullptr);
    ::_exit(status);
  }
  child_of_guard = child;
  for (const int number : {SIGTERM, SIGHUP}) std::signal(number, pass_on);
  std::signal(SIGINT, SIG_IGN);   // a terminal tells the child itself
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  child_of_guard = 0;
  end_children();
  for (const std::string& device : swap_devices()) {
    if (!swap_before.contains(device) && lies_on_an_auditors_file(device)) ::swapoff(device.c_str());
  }
  if (first_line(core_pattern) != pattern_before) std::ofstream{core_pattern} << pattern_before;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace lethe::audit
