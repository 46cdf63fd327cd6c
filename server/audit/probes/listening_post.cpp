#include "audit/probes/listening_post.hpp"

#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>

namespace lethe::audit {
namespace {

namespace fs = std::filesystem;
constexpr const char* system_log = "/dev/log";

fs::path mount_namespace() {
  std::error_code error;
  return fs::read_symlink("/proc/self/ns/mnt", error);
}

// Of the auditor as it was started, before it went anywhere. (Process 1 may be its own, in a namespace of processes.)
const fs::path outer_mounts = mount_namespace();

bool in_own_mount_namespace() { return mount_namespace() != outer_mounts; }

// Nobody reads there any more: an audit that was killed leaves it so. unix(7)
bool is_left_behind(const char* path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const bool refused = socket >= 0 && ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 && errno == ECONNREFUSED;
  if (socket >= 0) ::close(socket);
  return refused;
}

bool leads_to_journal(const char* path) {
  std::error_code error;
  return fs::is_symlink(path, error) && fs::read_symlink(path, error).string().find("systemd/journal") != std::string::npos;
}

}  // namespace

std::string ListeningPost::open(const std::string& root) {
  if (!bind_abstract()) return std::string{"the abstract socket can't be bound: "} + std::strerror(errno);
  std::error_code error;
  // Where journald has gone, and its name of the system's log leads nowhere, that is played as well.
  if (leads_to_journal(system_log) && !fs::exists(system_log, error)) fs::create_directories(journal, error);
  if (fs::is_directory(journal, error)) {
    if (!in_own_mount_namespace() || ::mount("tmpfs", journal, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0755") != 0) {
      return "journald's sockets can't be covered";
    }
    covered_.emplace_back(journal);
    for (const char* const name : {"/dev-log", "/socket", "/stdout"}) {
      if (!bind_path(std::string{journal} + name)) return std::string{"journald's sockets can't be played: "} + std::strerror(errno);
    }
    const std::string shown = root + journal;
    if (!root.empty() && ::mount(journal, shown.c_str(), nullptr, MS_BIND, nullptr) == 0) covered_.push_back(shown);
  }
  if (is_left_behind(system_log)) fs::remove(system_log, error);
  if (fs::exists(fs::symlink_status(system_log, error))) {
    return leads_to_journal(system_log) && !covered_.empty() ? "" : "/dev/log belongs to another program";
  }
  if (!bind_path(system_log)) return std::string{"/dev/log can't be bound: "} + std::strerror(errno);
  return {};
}

bool ListeningPost::bind_path(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return false;
  std::memcpy(address.sun_path, path.c_str(), path.size());
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket < 0) return false;
  sockets_.push_back(socket);
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return false;
  made_.push_back(path);
  return ::chmod(path.c_str(), 0666) == 0;
}

bool ListeningPost::bind_abstract() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::size_t length = std::strlen(abstract_name);
  std::memcpy(address.sun_path + 1, abstract_name, length);
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket < 0) return false;
  sockets_.push_back(socket);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + length);
  return ::bind(socket, reinterpret_cast<const sockaddr*>(&address), size) == 0;
}

std::uint64_t ListeningPost::received() {
  std::array<char, 64> thrown_away{};
  for (const int socket : sockets_) {
    while (::recv(socket, thrown_away.data(), thrown_away.size(), MSG_DONTWAIT | MSG_TRUNC) >= 0) ++received_;
  }
  return received_;
}

void ListeningPost::close() {
  for (const int socket : sockets_) ::close(socket);
  for (const std::string& path : made_) ::unlink(path.c_str());
  for (const std::string& directory : covered_) ::umount2(directory.c_str(), MNT_DETACH);
  sockets_.clear();
  made_.clear();
  covered_.clear();
}

}  // namespace lethe::audit
