#pragma once
// What the relay sees as its file system during a trial: the real one below (or an image's), and above it an overlay on a small
// ext4 file system of the auditor's own, where everything lands that is written, wherever that was. The ext4 lies on a loop
// device whose file is on the auditor's tmpfs; /dev/shm is a tmpfs of its own. All of it is mounted in the auditor's mount
// namespace and goes with this object.
#include <cstdint>
#include <memory>
#include <string>

namespace lethe::audit {

class WatchedDisk {
 public:
  // `directory`: on a tmpfs; `below`: the file system that the relay is to see, «/» or an image's root. Null, and the reason in
  // `trouble`, where it can't be had (root, loop devices, overlay, mkfs.ext4).
  static std::unique_ptr<WatchedDisk> make(const std::string& directory, const std::string& below, std::string& trouble);
  ~WatchedDisk();
  WatchedDisk(const WatchedDisk&) = delete;
  WatchedDisk& operator=(const WatchedDisk&) = delete;

  // Makes this file of the auditor's machine visible at the same place in `root`, where it isn't. False where that fails.
  bool reveal(const std::string& path) const;
  const std::string& root() const noexcept { return root_; }        // what the relay sees
  const std::string& disk() const noexcept { return disk_; }        // the ext4 itself
  std::string written() const { return disk_ + "/written"; }        // what has been written, in its place below
  std::string shared_memory() const { return root_ + "/dev/shm"; }
  const std::string& device() const noexcept { return device_; }    // «/dev/loop3»
  // Everything that was written is on the device.
  void sync() const;

 private:
  WatchedDisk(std::string directory);
  bool set_up(const std::string& below, std::string& trouble);

  std::string directory_;
  std::string disk_;
  std::string root_;
  std::string device_;
  bool disk_mounted_ = false;
  bool root_mounted_ = false;
};

}  // namespace lethe::audit
