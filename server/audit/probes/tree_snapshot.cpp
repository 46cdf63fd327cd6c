#include "audit/probes/tree_snapshot.hpp"

#include <sys/stat.h>
#include <sys/xattr.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <sstream>

namespace lethe::audit {
namespace {

namespace fs = std::filesystem;

// Attributes with their values; overlay's own are the mount's doing.
std::string attributes_of(const fs::path& path) {
  std::array<char, 65'536> names{};
  std::array<char, 65'536> value{};
  std::string text;
  const ssize_t size = ::llistxattr(path.c_str(), names.data(), names.size());
  for (ssize_t at = 0; at < size; at += static_cast<ssize_t>(std::char_traits<char>::length(names.data() + at)) + 1) {
    const std::string name = names.data() + at;
    if (name.starts_with("trusted.overlay.")) continue;
    const ssize_t length = ::lgetxattr(path.c_str(), name.c_str(), value.data(), value.size());
    text += name + "=" + std::string{value.data(), static_cast<std::size_t>(length > 0 ? length : 0)} + ";";
  }
  return text;
}

std::string content_of(const fs::path& path, const struct stat& status) {
  if (S_ISLNK(status.st_mode)) {
    std::error_code error;
    return fs::read_symlink(path, error).string();
  }
  if (!S_ISREG(status.st_mode)) return {};
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::string line_for(const fs::path& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return "unreadable";
  std::ostringstream line;
  line << status.st_mode << ' ' << status.st_uid << ' ' << status.st_gid << ' ' << status.st_ino << ' ';
  // A directory's size and times change with what is in it, which has an entry of its own; its own change is its attributes'.
  if (!S_ISDIR(status.st_mode)) line << status.st_size << ' ' << status.st_nlink << ' ';
  line << status.st_mtim.tv_sec << '.' << status.st_mtim.tv_nsec << ' ' << std::hash<std::string>{}(attributes_of(path)) << ' '
       << std::hash<std::string>{}(content_of(path, status));
  return line.str();
}

}  // namespace

TreeSnapshot TreeSnapshot::of(const std::string& directory) {
  TreeSnapshot snapshot;
  std::error_code error;
  snapshot.entries_["/"] = line_for(directory);
  fs::recursive_directory_iterator entry{directory, fs::directory_options::skip_permission_denied, error};
  for (const fs::recursive_directory_iterator end; !error && entry != end; entry.increment(error)) {
    snapshot.entries_[entry->path().string().substr(directory.size())] = line_for(entry->path());
  }
  return snapshot;
}

std::vector<std::string> TreeSnapshot::changes(const TreeSnapshot& later) const {
  std::vector<std::string> found;
  for (const auto& [path, line] : later.entries_) {
    const auto before = entries_.find(path);
    if (before == entries_.end()) found.push_back(path + ": new");
    else if (before->second != line) found.push_back(path + ": changed");
  }
  for (const auto& [path, line] : entries_) {
    if (!later.entries_.contains(path)) found.push_back(path + ": gone");
  }
  return found;
}

}  // namespace lethe::audit
