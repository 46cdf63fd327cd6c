#include "audit/probes/watched_disk.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "audit/probes/listening_post.hpp"
#include "audit/probes/loop_device.hpp"
#include "audit/stage/run_to_end.hpp"

namespace lethe::audit {
namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t disk_size = 64 << 20;

std::string because(const std::string& what) { return what + ": " + std::strerror(errno); }

// No journal and no lazy initialisation: the only sectors written are those of what is written.
bool make_file_system(const std::string& device) {
  return run_program({"mkfs.ext4", "-q", "-F", "-b", "4096", "-I", "256", "-O", "^has_journal", "-E", "lazy_itable_init=0,nodiscard", device}).status == 0;
}

}  // namespace

WatchedDisk::WatchedDisk(std::string directory)
    : directory_{std::move(directory)}, disk_{directory_ + "/disk"}, root_{directory_ + "/root"} {}

std::unique_ptr<WatchedDisk> WatchedDisk::make(const std::string& directory, const std::string& below, std::string& trouble) {
  std::unique_ptr<WatchedDisk> made{new WatchedDisk{directory}};
  if (!made->set_up(below, trouble)) return nullptr;
  return made;
}

bool WatchedDisk::set_up(const std::string& below, std::string& trouble) {
  std::error_code error;
  fs::create_directories(disk_, error);
  fs::create_directories(root_, error);
  int keeps = -1;
  device_ = make_loop_device(directory_ + "/disk.image", disk_size, keeps);
  if (device_.empty()) return trouble = because("no loop device can be had"), false;
  if (!make_file_system(device_)) trouble = "mkfs.ext4 (e2fsprogs) fails or isn't there";
  else if (::mount(device_.c_str(), disk_.c_str(), "ext4", MS_NOATIME | MS_NODEV, nullptr) != 0) trouble = because("the ext4 can't be mounted");
  else disk_mounted_ = true;
  ::close(keeps);
  if (!disk_mounted_) return false;
  fs::create_directory(written(), error);
  fs::create_directory(disk_ + "/work", error);
  // With handles that can be followed back, or file events can't be had of it (fanotify_mark(2), EOPNOTSUPP).
  const std::string options = "index=on,nfs_export=on,lowerdir=" + below + ",upperdir=" + written() + ",workdir=" + disk_ + "/work";
  if (::mount("overlay", root_.c_str(), "overlay", MS_NOATIME, options.c_str()) != 0) return trouble = because("no overlay can be mounted"), false;
  root_mounted_ = true;
  for (const char* const name : {"/dev", "/proc", "/tmp"}) fs::create_directory(root_ + name, error);
  if (fs::is_symlink("/dev/log", error)) fs::create_directories(root_ + ListeningPost::journal, error);   // where that leads
  if (::mount("/dev", (root_ + "/dev").c_str(), nullptr, MS_BIND | MS_REC, nullptr) != 0) return trouble = because("/dev can't be shown"), false;
  if (::mount("proc", (root_ + "/proc").c_str(), "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) != 0) return trouble = because("/proc can't be shown"), false;
  if (fs::is_directory(shared_memory(), error)) {
    if (::mount("tmpfs", shared_memory().c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "size=16m,mode=1777") != 0) return trouble = because("/dev/shm can't be covered"), false;
  }
  return true;
}

bool WatchedDisk::reveal(const std::string& path) const {
  std::error_code error;
  const std::string target = root_ + path;
  if (fs::exists(target, error)) return true;
  fs::create_directories(fs::path{target}.parent_path(), error);
  if (!std::ofstream{target}) return false;
  return ::mount(path.c_str(), target.c_str(), nullptr, MS_BIND, nullptr) == 0;
}

void WatchedDisk::sync() const {
  const int directory = ::open(disk_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return;
  ::syncfs(directory);
  ::close(directory);
}

WatchedDisk::~WatchedDisk() {
  if (root_mounted_) ::umount2(root_.c_str(), MNT_DETACH);
  if (disk_mounted_) ::umount2(disk_.c_str(), MNT_DETACH);
  ::unlink((directory_ + "/disk.image").c_str());
}

}  // namespace lethe::audit
