#pragma once
// The process's own descriptors, as /proc/self/fd shows them. For the time before the confinement: it opens a directory.
#include <lethe/base/result.hpp>
#include <cstdint>
#include <span>
#include <vector>

#include "lockdown/writable.hpp"

namespace lethe::lockdown {

// `file` is anything that has a path: regular files, directories, devices. `other` is a kernel object of another kind.
enum class DescriptorKind : std::uint8_t { socket, pipe, event, timer, poll, memory, null, file, other };

struct Descriptor {
  int number;
  DescriptorKind kind;
  bool readable;
  bool writable;
  std::uint64_t object;   // inode: the two ends of a pipe share it, and it names nothing else
};

// By ascending number, without the one that reads the directory.
Result<std::vector<Descriptor>> open_descriptors();

// What the event loops write to: each eventfd (8 bytes), and the writing end of each pipe whose reading end is here too
// (4 bytes: Asio's signal_set writes a signal's number). A log's pipe has its reading end elsewhere, so it is not among them.
std::vector<Writable> loop_descriptors(std::span<const Descriptor> descriptors);

// Whether a file, or memory that is one, is open as a descriptor from 3 on: it could be written or mapped without opening
// anything.
bool any_file(std::span<const Descriptor> descriptors) noexcept;

}  // namespace lethe::lockdown
