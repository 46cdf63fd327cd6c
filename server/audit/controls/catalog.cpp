// A control is a line here and a leak of tests/retention/leaks/. Which detectors must see it is decided by how each looks, not
// by what happened to see it once; what else does is recorded in the report.
#include <array>

#include "audit/controls/control.hpp"

namespace lethe::audit {
namespace {

using D = Detector;

template <D... detectors>
constexpr std::array<D, sizeof...(detectors)> by{detectors...};

constexpr bool stays = true;
constexpr bool leaves = false;
constexpr bool lethal = true;

constexpr Control controls[] = {
    {"file", 1, "Writes to a file.", by<D::file_events, D::io_counters, D::tree, D::raw_device>},
    {"tmp-unlink", 2, "Writes to a file and removes it at once.", by<D::file_events>},
    {"tmp-unlink-fsync", 2, "The same, written through to the device.", by<D::file_events, D::io_counters, D::raw_device>},
    {"otmpfile", 3, "Writes to a file that never had a name.", by<D::file_events, D::io_counters, D::raw_device>},
    {"prefd", 4, "Writes to a file that was open before.", by<D::process_state, D::file_events, D::io_counters, D::tree, D::raw_device>},
    {"prefd-mmap", 4, "Maps a file, shared, that was open before.", by<D::process_state, D::io_counters, D::tree, D::raw_device>},
    {"mmap-file", 5, "Writes through a shared mapping.", by<D::file_events, D::io_counters, D::tree, D::raw_device>},
    {"splice", 6, "Moves bytes from a pipe to a file.", by<D::file_events, D::io_counters, D::tree, D::raw_device>},
    {"copy-range", 6, "Copies between files in the kernel.", by<D::file_events, D::io_counters, D::tree, D::raw_device>},
    {"uring-write", 6, "Writes by io_uring.", by<D::file_events, D::io_counters, D::tree, D::raw_device>, leaves, lethal},
    {"odirect", 7, "Writes past the page cache.", by<D::file_events, D::io_counters, D::tree, D::raw_device>},
    {"xattr", 8, "Keeps bytes in an extended attribute.", by<D::tree, D::file_events>},
    {"dirname", 8, "Keeps bytes in the name of a directory.", by<D::tree, D::file_events>},
    {"symlink", 8, "Keeps bytes in a link's target.", by<D::tree, D::file_events>},
    {"utimens", 8, "Keeps bytes in a time.", by<D::tree>},
    {"devshm", 9, "Writes to /dev/shm.", by<D::tree>},
    {"memfd", 10, "Keeps bytes in a memory file.", by<D::process_state>},
    {"shmget", 10, "Keeps bytes in System V shared memory.", by<D::process_state>},
    {"msgsnd", 10, "Keeps bytes in a System V message queue.", by<D::process_state>},
    {"addkey", 10, "Keeps bytes in a key of the kernel.", by<D::process_state>},
    {"bpf-map", 10, "Keeps bytes in a BPF map.", by<D::process_state>, leaves, lethal},
    {"stdout", 11, "Prints a message.", by<D::grammar, D::output_canary>},
    {"log-address", 11, "Logs what ought not to be in a line.", by<D::grammar>},
    {"log-file", 12, "Opens a log file of its own.", by<D::file_events, D::io_counters, D::tree>},
    {"log-ring", 12, "Keeps the last messages in memory.", by<D::memory>, stays},
    {"log-what", 13, "Prints the text of an exception.", by<D::grammar, D::output_canary>},
    {"syslog", 14, "Tells the system log.", by<D::local_sockets>},
    {"abstract-socket", 14, "Tells a local socket without a file.", by<D::local_sockets>},
    {"udp", 15, "Sends a datagram.", by<D::packets>},
    {"dns", 15, "Asks a name server.", by<D::packets>},
    {"tcp", 15, "Opens a connection.", by<D::packets>},
    {"tfo", 15, "Sends with the first packet of a connection.", by<D::packets>},
    {"raw-socket", 15, "Sends a packet without ports.", by<D::packets>},
    {"core-dump", 16, "Crashes with its memory in a dump.", by<D::cores>, stays},
    {"pageable", 19, "Keeps bytes in memory that can be swapped out.", by<D::swap, D::memory>, stays},
    {"heap-free", 25, "Frees a copy without overwriting it.", by<D::memory>, stays},
    {"memset-wipe", 25, "Overwrites a copy in a way that compilers leave out.", by<D::memory>, stays},
    {"small-string", 26, "Keeps bytes in a short string.", by<D::memory>, stays},
    {"stack-copy", 27, "Leaves a copy in a stack frame.", by<D::memory>, stays},
    {"deflate", 30, "Claims to compress.", by<D::tls>, stays},
    {"tickets", 32, "Hands out session tickets.", by<D::tls>, stays},
    {"keylog", 33, "Writes the keys of TLS sessions to a file.", by<D::file_events, D::io_counters, D::tree>, stays},
    {"kept-key", 48, "Keeps the keys of ended TLS sessions.", by<D::memory>, stays},
    {"argv", 35, "Shows bytes in its arguments.", by<D::process_state>},
    {"thread-name", 35, "Shows bytes in a thread's name.", by<D::process_state>},
    {"child", 36, "Has a child write a file.", by<D::file_events, D::tree, D::raw_device>},
    {"orphan", 36, "Has a process without a parent write a file.", by<D::file_events, D::tree, D::raw_device>},
    {"at-exit", 37, "Writes a file as it ends.", by<D::file_events, D::tree, D::raw_device>},
    {"metric-canary", 38, "Puts bytes of a message on the metrics page.", by<D::grammar, D::output_canary>, stays},
    {"message-id", 46, "Remembers the beginnings of messages.", by<D::memory>, stays},
};

}  // namespace

std::span<const Control> all_controls() noexcept { return controls; }

bool ControlResult::fired() const noexcept {
  if (control == nullptr || !leaked) return false;
  for (const Detector expected : control->expected) {
    bool seen = false;
    for (const Detector detector : seen_by) seen = seen || detector == expected;
    if (!seen) return false;
  }
  return true;
}

}  // namespace lethe::audit
