#include "audit/probes/swap_watch.hpp"

#include <sched.h>
#include <sys/mman.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "audit/probes/loop_device.hpp"
#include "audit/stage/run_to_end.hpp"

namespace lethe::audit {
namespace {
constexpr std::uint64_t size = 128 << 20;
}

std::string SwapWatch::open(const std::string& directory) {
  file_ = directory + "/swap.image";
  int keeps = -1;
  device_ = make_loop_device(file_, size, keeps);
  if (device_.empty()) return std::string{"no loop device can be had: "} + std::strerror(errno);
  std::string trouble;
  if (run_program({"mkswap", device_}).status != 0) trouble = "mkswap (util-linux) fails or isn't there";
  else if (::swapon(device_.c_str(), SWAP_FLAG_PREFER | 32'767) != 0) trouble = std::string{"the swap device can't be used: "} + std::strerror(errno);
  else on_ = true;
  ::close(keeps);
  return trouble;
}

namespace {

using Ranges = std::vector<iovec>;

Ranges readable_memory(pid_t process) {
  Ranges ranges;
  std::ifstream maps{"/proc/" + std::to_string(process) + "/maps"};
  for (std::string line; std::getline(maps, line);) {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    char dash = 0;
    std::string rights;
    std::istringstream{line} >> std::hex >> from >> dash >> to >> rights;
    if (!rights.starts_with("rw") && !rights.starts_with("r-")) continue;
    ranges.push_back({reinterpret_cast<void*>(from), to - from});
  }
  return ranges;
}

// What the loop device has not carried out yet: «reads writes».
bool is_busy(const std::string& device) {
  std::ifstream file{"/sys/block/" + device.substr(device.rfind('/') + 1) + "/inflight"};
  int reads = 0;
  int writes = 0;
  return (file >> reads >> writes) && reads + writes > 0;
}

}  // namespace

// The pages that a processor touched last stand in a list of its own, and the kernel pages none of those out. It empties the
// list of the processor that asks (lru_add_drain, mm/swap.c): so this asks from each of them. Otherwise up to 15 pages of a
// relay that ran on the other processor stay where they are, and nobody would know.
std::uint64_t SwapWatch::force_out(pid_t process) const {
  const int handle = static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
  if (handle < 0) return 0;
  std::uint64_t told = 0;
  const Ranges ranges = readable_memory(process);
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  ::sched_getaffinity(0, sizeof allowed, &allowed);
  for (int processor = 0; processor < CPU_SETSIZE; ++processor) {
    if (!CPU_ISSET(processor, &allowed)) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(processor, &one);
    ::sched_setaffinity(0, sizeof one, &one);
    for (const iovec& range : ranges) {
      const long done = ::syscall(SYS_process_madvise, handle, &range, 1, MADV_PAGEOUT, 0);
      if (done > 0) told += static_cast<std::uint64_t>(done);
    }
  }
  ::sched_setaffinity(0, sizeof allowed, &allowed);
  ::close(handle);
  for (int tries = 0; tries < 200 && is_busy(device_); ++tries) std::this_thread::sleep_for(std::chrono::milliseconds{5});
  return told;
}

void SwapWatch::close() {
  if (on_) ::swapoff(device_.c_str());
  if (!file_.empty()) ::unlink(file_.c_str());
  on_ = false;
  file_.clear();
}

}  // namespace lethe::audit
