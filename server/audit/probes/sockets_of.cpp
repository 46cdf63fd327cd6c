#include "audit/probes/sockets_of.hpp"

#include <charconv>
#include <fstream>
#include <map>
#include <sstream>

#include "audit/probes/process_state.hpp"

namespace lethe::audit {
namespace {

using Table = std::map<std::uint64_t, HeldSocket>;

// Columns «sl local:port remote:port st queues timer retransmits uid timeout inode …», numbers in hex but the inode.
void read_internet(pid_t process, const std::string& family, Table& table) {
  std::ifstream file{"/proc/" + std::to_string(process) + "/net/" + family};
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream fields{line};
    std::string skipped;
    std::string local;
    HeldSocket socket{0, family, 0, {}};
    fields >> skipped >> local;
    for (int column = 2; column < 9; ++column) fields >> skipped;
    fields >> socket.inode;
    const auto colon = local.rfind(':');
    if (colon != local.npos) std::from_chars(local.data() + colon + 1, local.data() + local.size(), socket.local_port, 16);
    table[socket.inode] = socket;
  }
}

// Columns «Num RefCount Protocol Flags Type St Inode Path».
void read_local(pid_t process, Table& table) {
  std::ifstream file{"/proc/" + std::to_string(process) + "/net/unix"};
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream fields{line};
    std::string skipped;
    HeldSocket socket{0, "unix", 0, {}};
    for (int column = 0; column < 6; ++column) fields >> skipped;
    fields >> socket.inode >> socket.path;
    table[socket.inode] = socket;
  }
}

}  // namespace

std::vector<HeldSocket> sockets_of(pid_t process) {
  Table table;
  for (const char* const family : {"tcp", "tcp6", "udp", "udp6", "udplite", "raw", "raw6"}) read_internet(process, family, table);
  read_local(process, table);
  std::vector<HeldSocket> held;
  for (const auto& [number, target] : descriptors_of(process)) {
    if (!target.starts_with("socket:[")) continue;
    std::uint64_t inode = 0;
    std::from_chars(target.data() + 8, target.data() + target.size(), inode);
    const auto known = table.find(inode);
    held.push_back(known == table.end() ? HeldSocket{inode, {}, 0, {}} : known->second);
  }
  return held;
}

}  // namespace lethe::audit
