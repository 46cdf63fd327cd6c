#include "audit/report/report_words.hpp"

namespace lethe::audit {

std::string_view meaning_of(Phase phase) noexcept {
  static constexpr std::array<std::string_view, phase_count> meanings = {
      "listening, no message yet",
      "messages wait for absent recipients; the one moment at which they must be there",
      "all acknowledged, every connection still open",
      "the same, connections closed",
      "messages outlived their time",
      "replaced by a later message of their topic",
      "recalled by their sender",
      "refused: no invite, mailbox full",
      "larger than the limit",
      "no message of the protocol, with a payload inside",
      "the connection ended in the middle of a frame",
      "a newer session took the messages and acknowledged them",
      "told to stop, still running",
      "the process has ended",
  };
  return meanings[static_cast<std::size_t>(phase)];
}

std::string_view meaning_of(Detector detector) noexcept {
  static constexpr std::array<std::string_view, detector_count> meanings = {
      "the live seccomp filter, evaluated for every call",
      "forbidden calls, made from inside of the process",
      "descriptors, limits, privileges, environment, mounts, children",
      "events of the file system (fanotify)",
      "bytes written, as the kernel counts them",
      "names, sizes, times, attributes and content of files",
      "the block device, read directly",
      "the swap file, read directly after forced page-out",
      "a crash under each kind of core pattern",
      "every readable mapping of every process",
      "the relay's own count of dirty free blocks",
      "lines and pages outside of the closed grammar",
      "canaries in what was written",
      "packets in a network of its own",
      "false syslog and abstract sockets",
      "tickets, resumption and extensions of TLS",
  };
  return meanings[static_cast<std::size_t>(detector)];
}

}  // namespace lethe::audit
