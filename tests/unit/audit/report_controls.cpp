#include "unit/audit/report_controls.hpp"

#include <initializer_list>
#include <vector>

namespace lethe::audit::samples {
namespace {

struct Row {
  const char* id;
  unsigned row;
  const char* sentence;
  std::vector<Detector> expected;
  bool resident = false;
};

const std::vector<Row>& rows() {
  using enum Detector;
  static const std::vector<Row> all = {
      {"file", 1, "writes a payload to a file", {file_events, io_counters, tree, raw_device}},
      {"tmp-unlink", 2, "writes a payload to a file and removes it before it is synced", {file_events, io_counters}},
      {"tmp-unlink-fsync", 2, "writes a payload to a file, syncs and removes it", {file_events, io_counters, raw_device}},
      {"otmpfile", 3, "writes a payload to a file without a name", {file_events, io_counters, raw_device}},
      {"prefd", 4, "writes to a descriptor from before the lock-down", {process_state, file_events, io_counters, tree, raw_device}},
      {"prefd-mmap", 4, "maps a descriptor from before the lock-down", {process_state, file_events, tree, raw_device}},
      {"mmap-file", 5, "writes through a shared mapping of a file", {file_events, io_counters, tree, raw_device}},
      {"splice", 6, "moves a payload through a pipe into a file", {file_events, tree, raw_device}},
      {"uring-write", 6, "writes a file by io_uring", {file_events, tree, raw_device}},
      {"odirect", 7, "writes past the page cache", {file_events, io_counters, raw_device}},
      {"xattr", 8, "puts a payload into an extended attribute", {file_events, tree}},
      {"dirname", 8, "names a directory after a payload", {file_events, tree, raw_device}},
      {"symlink", 8, "points a symbolic link at a payload", {file_events, tree}},
      {"utimens", 8, "hides a payload in the times of a file", {file_events, tree}},
      {"devshm", 9, "writes to /dev/shm", {tree}},
      {"memfd", 10, "writes to a memory file", {process_state, memory}},
      {"shmget", 10, "writes to System V shared memory", {process_state}},
      {"stdout", 11, "prints a payload", {grammar, output_canary}},
      {"log-address", 11, "logs an address", {grammar, output_canary}},
      {"log-ring", 12, "keeps log lines for later", {memory}, true},
      {"log-what", 13, "logs the text of a parse error", {grammar, output_canary}},
      {"syslog", 14, "writes to /dev/log", {local_sockets}},
      {"udp", 15, "sends a payload by UDP", {packets}},
      {"tfo", 15, "sends a payload with the first packet of TCP", {packets}},
      {"dns", 15, "asks for a name made of a payload", {packets}},
      {"dumpable", 16, "may be dumped", {process_state, cores}},
      {"no-secret", 17, "keeps payloads in ordinary memory", {memory}, true},
      {"no-mlock", 19, "keeps payloads in memory that may be swapped", {swap}, true},
      {"no-wipe", 25, "frees memory without overwriting it", {memory}, true},
      {"memset-wipe", 25, "overwrites by a call that the compiler removes", {memory}, true},
      {"dirty-block", 25, "frees arena blocks without overwriting them", {memory, arena_audit}, true},
      {"sso-copy", 26, "keeps a short payload inside of a string", {memory}, true},
      {"no-scrub", 27, "leaves a payload on the stack", {memory}, true},
      {"no-cleanse", 29, "leaves record buffers of TLS as they are", {memory}, true},
      {"deflate", 30, "compresses frames", {tls}, true},
      {"tickets", 32, "sends session tickets", {tls}, true},
      {"keylog", 33, "writes a key log", {file_events, tree, raw_device}},
      {"argv", 35, "puts a payload into its own arguments", {process_state, memory}, true},
      {"prname", 35, "names a thread after a payload", {process_state}},
      {"child", 36, "starts a child that writes", {process_state, file_events, tree, raw_device}},
      {"orphan", 36, "starts a child that outlives its parent and writes", {process_state, file_events, tree, raw_device}},
      {"metric-address", 38, "labels a metric with an address", {grammar, output_canary}},
      {"no-filter", 44, "runs without the last filter", {filter, injection}},
      {"tombstone-plain", 46, "remembers the ids of what was acknowledged", {memory}, true},
  };
  return all;
}

}  // namespace

std::span<const Control> controls() {
  static const std::vector<Control> all = [] {
    std::vector<Control> built;
    for (const auto& row : rows()) {
      built.push_back({.id = row.id, .row = row.row, .sentence = row.sentence, .expected = row.expected, .resident = row.resident});
    }
    return built;
  }();
  return all;
}

}  // namespace lethe::audit::samples
