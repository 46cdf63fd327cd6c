#pragma once
// What happens to the files of whole file systems: fanotify(7), by any process. Events of the auditor itself are left out.
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace lethe::audit {

struct FileEvent {
  pid_t process = 0;
  std::uint64_t kinds = 0;     // FAN_…
  std::string directory;       // where, as the auditor sees it; empty where it is gone
  std::string name;            // in it
};

// «written», «created», …
std::string words_for(std::uint64_t kinds);

class FileEvents {
 public:
  FileEvents() = default;
  ~FileEvents();
  FileEvents(const FileEvents&) = delete;
  FileEvents& operator=(const FileEvents&) = delete;

  // Watches the file system that this directory is on: false, with errno, where the kernel doesn't let us (CAP_SYS_ADMIN) or
  // can't. More than one may be watched.
  bool watch(const std::string& directory);
  // What has happened since the last call.
  std::vector<FileEvent> take();
  // The kernel had to drop events: what was not seen.
  bool overflowed() const noexcept { return overflowed_; }

 private:
  struct Watch {
    int events = -1;
    int mount = -1;            // a descriptor in that file system, to find directories by handle
  };
  void read_from(const Watch& watch, std::vector<FileEvent>& found);

  std::vector<Watch> watches_;
  bool overflowed_ = false;
};

}  // namespace lethe::audit
