#include "audit/probes/kernel_objects.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace lethe::audit {
namespace {

// sysvipc(5): a line of titles, then a line each; the second column is the identifier.
void add_system_v(const std::string& kind, std::set<std::string>& objects) {
  std::ifstream file{"/proc/sysvipc/" + kind};
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::string key;
    std::string identifier;
    std::istringstream{line} >> key >> identifier;
    objects.insert(kind + " " + identifier);
  }
}

// proc_keys(5): identifier, flags, usage, timeout, permissions, owner, group, type, description.
void add_keys(std::set<std::string>& objects) {
  std::ifstream file{"/proc/keys"};
  for (std::string line; std::getline(file, line);) {
    std::string identifier;
    std::string type;
    std::istringstream fields{line};
    fields >> identifier;
    for (int column = 1; column < 8; ++column) fields >> type;
    if (type != "keyring") objects.insert("key " + identifier);
  }
}

}  // namespace

std::set<std::string> kernel_objects() {
  std::set<std::string> objects;
  for (const char* const kind : {"shm", "msg", "sem"}) add_system_v(kind, objects);
  add_keys(objects);
  std::error_code error;
  for (std::filesystem::directory_iterator entry{"/dev/mqueue", error}, end; !error && entry != end; entry.increment(error)) {
    objects.insert("queue " + entry->path().filename().string());
  }
  return objects;
}

std::string content_of(pid_t process, const std::string& name) {
  std::ifstream file{"/proc/" + std::to_string(process) + "/" + name, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace lethe::audit
