#include "audit/stage/tmpfs_directory.hpp"

#include <sys/mount.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>

namespace lethe::audit {
namespace {

std::string make_below(const std::string& parent) {
  std::string path = parent + "/lethe-audit-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error{"no directory can be made below " + parent};
  return path;
}

}  // namespace

TmpfsDirectory::TmpfsDirectory(bool mount) : path_{make_below(mount ? "/tmp" : "/dev/shm")} {
  if (!mount) return;
  for (const char* const options : {"mode=0700,size=2g,noswap", "mode=0700,size=2g"}) {
    mounted_ = mounted_ || ::mount("lethe-audit", path_.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, options) == 0;
  }
  if (mounted_) return;
  ::rmdir(path_.c_str());
  throw std::runtime_error{"no tmpfs can be mounted on " + path_};
}

TmpfsDirectory::~TmpfsDirectory() {
  if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace lethe::audit
