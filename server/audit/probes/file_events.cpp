#include "audit/probes/file_events.hpp"

#include <fcntl.h>
#include <sys/fanotify.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <cstring>

namespace lethe::audit {
namespace {

constexpr std::uint64_t wanted = FAN_MODIFY | FAN_CLOSE_WRITE | FAN_CREATE | FAN_DELETE | FAN_MOVED_FROM | FAN_MOVED_TO | FAN_ATTRIB | FAN_ONDIR;

struct Word {
  std::uint64_t kind;
  const char* word;
};
constexpr Word words[] = {{FAN_MODIFY, "written"}, {FAN_CLOSE_WRITE, "closed after writing"}, {FAN_CREATE, "created"}, {FAN_DELETE, "removed"},
                          {FAN_MOVED_FROM, "moved"}, {FAN_MOVED_TO, "moved"}, {FAN_ATTRIB, "attributes changed"}};

// fanotify(7): an information record of directory and name, a file handle and then the name.
void read_name(const char* record, int mount, FileEvent& event) {
  const auto* const header = reinterpret_cast<const fanotify_event_info_header*>(record);
  const bool named = header->info_type == FAN_EVENT_INFO_TYPE_DFID_NAME;
  if (!named && header->info_type != FAN_EVENT_INFO_TYPE_FID && header->info_type != FAN_EVENT_INFO_TYPE_DFID) return;
  const auto* const identity = reinterpret_cast<const fanotify_event_info_fid*>(record);
  const auto* const handle = reinterpret_cast<const file_handle*>(identity->handle);
  if (named) event.name = reinterpret_cast<const char*>(handle->f_handle) + handle->handle_bytes;
  const int directory = ::open_by_handle_at(mount, const_cast<file_handle*>(handle), O_PATH | O_CLOEXEC);
  if (directory < 0) return;
  std::array<char, PATH_MAX> path{};
  const ssize_t size = ::readlink(("/proc/self/fd/" + std::to_string(directory)).c_str(), path.data(), path.size());
  if (size > 0) event.directory.assign(path.data(), static_cast<std::size_t>(size));
  ::close(directory);
}

}  // namespace

std::string words_for(std::uint64_t kinds) {
  std::string text;
  for (const Word& word : words) {
    if ((kinds & word.kind) == 0 || text.find(word.word) != text.npos) continue;
    text += (text.empty() ? "" : ", ") + std::string{word.word};
  }
  return text;
}

FileEvents::~FileEvents() {
  for (const Watch& watch : watches_) {
    ::close(watch.events);
    ::close(watch.mount);
  }
}

bool FileEvents::watch(const std::string& directory) {
  constexpr unsigned flags = FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK | FAN_UNLIMITED_QUEUE | FAN_REPORT_DFID_NAME;
  const int events = ::fanotify_init(flags, O_RDONLY | O_CLOEXEC);
  if (events < 0) return false;
  if (::fanotify_mark(events, FAN_MARK_ADD | FAN_MARK_FILESYSTEM, wanted, AT_FDCWD, directory.c_str()) != 0) {
    const int error = errno;
    ::close(events);
    errno = error;
    return false;
  }
  watches_.push_back({events, ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)});
  return true;
}

std::vector<FileEvent> FileEvents::take() {
  std::vector<FileEvent> found;
  for (const Watch& watch : watches_) read_from(watch, found);
  return found;
}

void FileEvents::read_from(const Watch& watch, std::vector<FileEvent>& found) {
  alignas(fanotify_event_metadata) std::array<char, 65'536> buffer;
  for (;;) {
    ssize_t left = ::read(watch.events, buffer.data(), buffer.size());
    if (left <= 0) return;
    const auto* event = reinterpret_cast<const fanotify_event_metadata*>(buffer.data());
    for (; FAN_EVENT_OK(event, left); event = FAN_EVENT_NEXT(event, left)) {
      if ((event->mask & FAN_Q_OVERFLOW) != 0) overflowed_ = true;
      if (event->pid == ::getpid() || (event->mask & FAN_Q_OVERFLOW) != 0) continue;
      FileEvent one{event->pid, event->mask & ~std::uint64_t{FAN_ONDIR}, {}, {}};
      if (event->event_len > event->metadata_len) read_name(reinterpret_cast<const char*>(event) + event->metadata_len, watch.mount, one);
      found.push_back(std::move(one));
    }
  }
}

}  // namespace lethe::audit
