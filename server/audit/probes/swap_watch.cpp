#include "audit/probes/swap_watch.hpp"

#include <sys/mman.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

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

std::uint64_t SwapWatch::force_out(pid_t process) const {
  const int handle = static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
  if (handle < 0) return 0;
  std::uint64_t told = 0;
  std::ifstream maps{"/proc/" + std::to_string(process) + "/maps"};
  for (std::string line; std::getline(maps, line);) {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    char dash = 0;
    std::string rights;
    std::istringstream{line} >> std::hex >> from >> dash >> to >> rights;
    if (!rights.starts_with("rw") && !rights.starts_with("r-")) continue;
    const iovec range{reinterpret_cast<void*>(from), to - from};
    const long done = ::syscall(SYS_process_madvise, handle, &range, 1, MADV_PAGEOUT, 0);
    if (done > 0) told += static_cast<std::uint64_t>(done);
  }
  ::close(handle);
  return told;
}

void SwapWatch::close() {
  if (on_) ::swapoff(device_.c_str());
  if (!file_.empty()) ::unlink(file_.c_str());
  on_ = false;
  file_.clear();
}

}  // namespace lethe::audit
