#pragma once
// A swap device of the auditor's own, to which a process's memory is forced out (process_madvise(2), MADV_PAGEOUT) and which is
// then read past the page cache. What can't be swapped isn't there. Swap is the machine's, not a namespace's: for as long as
// this lives, others may swap here, too.
#include <sys/types.h>

#include <cstdint>
#include <string>

namespace lethe::audit {

class SwapWatch {
 public:
  SwapWatch() = default;
  ~SwapWatch() { close(); }
  SwapWatch(const SwapWatch&) = delete;
  SwapWatch& operator=(const SwapWatch&) = delete;

  // Empty, or why it can't be had.
  std::string open(const std::string& directory);
  // Bytes that the kernel was told to page out, once for each processor; they are written when this returns. 0 where it refuses.
  std::uint64_t force_out(pid_t process) const;
  const std::string& device() const noexcept { return device_; }
  void close();

 private:
  std::string device_;
  std::string file_;
  bool on_ = false;
};

}  // namespace lethe::audit
