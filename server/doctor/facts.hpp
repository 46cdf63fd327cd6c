#pragma once
// What is known of the host, in one moment. What could not be seen (a container and systemd hide much) is absent: then
// nothing is claimed about it.
#include <sys/types.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <lethe/base/limits.hpp>

namespace lethe::doctor {

inline constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();

// Where the relay runs, or would: it decides how a fix is written.
enum class Place : std::uint8_t { shell, systemd, docker, podman, kubernetes };

struct SwapArea {
  std::string name;
  ByteCount size = 0;
  bool in_memory = false;   // zram without a backing device
  bool encrypted = false;   // on dm-crypt
};

struct MemoryFacts {
  std::optional<std::vector<SwapArea>> swaps;
  std::optional<ByteCount> swap_allowed;    // to the relay, by its control group
  std::optional<ByteCount> total;           // of the machine, or what the control group allows
  std::optional<unsigned> overcommit;       // vm.overcommit_memory
};

// Of the relay that runs with this configuration; else of the systemd unit; else of this process.
struct ProcessFacts {
  std::optional<pid_t> relay;               // the process that serves; absent: none runs, or more than one could be it
  std::optional<ByteCount> swapped;         // of it
  std::optional<std::uint64_t> locked_limit;   // RLIMIT_MEMLOCK, hard; in bytes
  std::optional<std::uint64_t> open_files;     // RLIMIT_NOFILE, soft
  bool may_lock_without_limit = false;      // CAP_IPC_LOCK or CAP_SYS_RESOURCE at the start
  bool root = false;
  std::uint64_t bounding_set = 0;
  std::optional<bool> no_new_privileges;
  std::optional<bool> filtered;             // a system call filter of the container's
  ByteCount address_space = 0;              // of this process, which is the same program
};

struct CrashFacts {
  std::optional<std::string> core_pattern;
  std::optional<bool> crash_kernel;         // kdump: a second kernel that writes memory out after a panic
  std::optional<bool> can_hibernate;        // the kernel would, now
  bool has_resume_device = false;
};

struct KernelFacts {
  std::string release;
  unsigned landlock = 0;                    // version
  bool seccomp = false;                     // filters
  bool secret_memory = false;               // memfd_secret(2)
  bool virtual_machine = false;
};

enum class CertificateFault : std::uint8_t { none, unreadable, no_certificate, no_key, mismatch };

struct CertificateFacts {
  CertificateFault fault = CertificateFault::none;
  std::string path{};                       // of what is at fault
  std::int64_t seconds_left = 0;            // below 0: it has run out
  bool begun = true;
  bool names_relay = true;                  // `name` is one of its names
  unsigned key_mode = 0;                    // permissions
};

struct NetworkFacts {
  std::optional<std::uint64_t> backlog;     // net.core.somaxconn
  std::optional<std::uint64_t> half_open;   // net.ipv4.tcp_max_syn_backlog
  std::optional<bool> syn_cookies;
  std::optional<std::uint64_t> tracked;     // net.netfilter.nf_conntrack_max; absent too where nothing is tracked
};

struct HostFacts {
  Place place = Place::shell;
  unsigned processors = 1;
  std::optional<std::uint64_t> files_of_machine;   // fs.file-max
  bool seeded = true;                       // the kernel's random numbers
  std::optional<bool> synchronised;         // the clock
  std::string clock_source;
  bool root_writable = true;                // a container's file system
  bool journal_on_disk = false;
  bool output_is_file = false;              // stdout of this process
};

struct Facts {
  MemoryFacts memory;
  ProcessFacts process;
  CrashFacts crash;
  KernelFacts kernel;
  std::optional<CertificateFacts> certificate;   // absent: the configuration names none
  NetworkFacts network;
  HostFacts host;
};

}  // namespace lethe::doctor
