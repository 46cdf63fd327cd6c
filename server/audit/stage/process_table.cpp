#include "audit/stage/process_table.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace lethe::audit {
namespace {

namespace fs = std::filesystem;

// proc_pid_stat(5): pid (comm) state ppid … starttime (22). The name may hold blanks and brackets; the last one ends it.
bool read_entry(pid_t pid, ProcessEntry& entry) {
  std::ifstream file{"/proc/" + std::to_string(pid) + "/stat"};
  std::string line;
  if (!std::getline(file, line)) return false;
  const auto name_end = line.rfind(") ");
  if (name_end == std::string::npos) return false;
  std::istringstream fields{line.substr(name_end + 2)};
  std::string skipped;
  fields >> entry.state >> entry.parent;
  for (int field = 5; field < 22; ++field) fields >> skipped;
  fields >> entry.started;
  entry.pid = pid;
  return static_cast<bool>(fields);
}

constexpr std::string_view listening_state = "0A";

// inode -> port of the listening sockets of one table: sl local rem st tx:rx tr:when retrnsmt uid timeout inode
void read_sockets(const std::string& table, std::map<std::uint64_t, std::uint16_t>& ports) {
  std::ifstream file{table};
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream fields{line};
    std::string slot, local, remote, state, skipped;
    std::uint64_t inode = 0;
    fields >> slot >> local >> remote >> state;
    for (int field = 0; field < 5; ++field) fields >> skipped;
    fields >> inode;
    const auto colon = local.rfind(':');
    if (!fields || state != listening_state || colon == std::string::npos) continue;
    ports[inode] = static_cast<std::uint16_t>(std::stoul(local.substr(colon + 1), nullptr, 16));
  }
}

std::set<std::uint64_t> socket_inodes(pid_t pid) {
  std::set<std::uint64_t> inodes;
  std::error_code error;
  for (fs::directory_iterator at{"/proc/" + std::to_string(pid) + "/fd", error}, end; !error && at != end; at.increment(error)) {
    std::error_code gone;
    const std::string target = fs::read_symlink(at->path(), gone).string();
    if (!gone && target.starts_with("socket:[")) inodes.insert(std::stoull(target.substr(8)));
  }
  return inodes;
}

}  // namespace

std::vector<ProcessEntry> all_processes() {
  std::vector<ProcessEntry> all;
  std::error_code error;
  for (fs::directory_iterator at{"/proc", error}, end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    pid_t pid = 0;
    const auto [rest, fault] = std::from_chars(name.data(), name.data() + name.size(), pid);
    ProcessEntry entry;
    if (fault == std::errc{} && rest == name.data() + name.size() && read_entry(pid, entry)) all.push_back(entry);
  }
  return all;
}

std::vector<ProcessEntry> with_descendants(const std::vector<ProcessEntry>& all, pid_t root) {
  std::vector<ProcessEntry> found;
  for (const ProcessEntry& entry : all) {
    if (entry.pid == root) found.push_back(entry);
  }
  std::vector<pid_t> parents{root};
  for (std::size_t next = 0; next < parents.size(); ++next) {
    for (const ProcessEntry& entry : all) {
      if (entry.parent != parents[next] || entry.pid == root) continue;
      found.push_back(entry);
      parents.push_back(entry.pid);
    }
  }
  return found;
}

std::vector<ListeningPort> listening_ports(const std::vector<pid_t>& pids) {
  std::map<std::uint64_t, ListeningPort> by_inode;
  for (const pid_t pid : pids) {
    std::map<std::uint64_t, std::uint16_t> ports;
    const std::string net = "/proc/" + std::to_string(pid) + "/net/";
    read_sockets(net + "tcp", ports);
    read_sockets(net + "tcp6", ports);
    for (const std::uint64_t inode : socket_inodes(pid)) {
      if (const auto found = ports.find(inode); found != ports.end()) by_inode[inode] = {found->second, pid};
    }
  }
  std::vector<ListeningPort> all;
  for (const auto& [inode, listening] : by_inode) all.push_back(listening);
  return all;
}

std::string executable_of(pid_t pid) {
  std::error_code error;
  const fs::path target = fs::read_symlink("/proc/" + std::to_string(pid) + "/exe", error);
  return error ? std::string{} : target.string();
}

}  // namespace lethe::audit
