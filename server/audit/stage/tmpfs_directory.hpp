#pragma once
// Where the auditor keeps what it gathers during a run: memory only (tmpfs), so that nothing of it lies on what is watched.
#include <string>

namespace lethe::audit {

class TmpfsDirectory {
 public:
  // With `mount`, on a tmpfs of its own that doesn't swap (where the kernel knows that, 6.4 and later); else below a tmpfs that is
  // there. Throws std::runtime_error where neither can be had.
  explicit TmpfsDirectory(bool mount);
  // Removes everything in it.
  ~TmpfsDirectory();
  TmpfsDirectory(const TmpfsDirectory&) = delete;
  TmpfsDirectory& operator=(const TmpfsDirectory&) = delete;

  const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
  bool mounted_ = false;
};

}  // namespace lethe::audit
