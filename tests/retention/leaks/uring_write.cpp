// Writes by io_uring, where no system call names the file or the bytes.
#include <linux/io_uring.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <atomic>
#include <cstring>

#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
namespace {

// One write, waited for.
int submit(int ring, const io_uring_params& parameters, int file, Bytes bytes) {
  const std::size_t size = parameters.sq_off.array + parameters.sq_entries * sizeof(unsigned);
  const std::size_t entries_size = parameters.sq_entries * sizeof(io_uring_sqe);
  void* const queue = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
  void* const entries = ::mmap(nullptr, entries_size, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
  if (queue == MAP_FAILED || entries == MAP_FAILED) return errno;
  auto* const entry = static_cast<io_uring_sqe*>(entries);
  std::memset(entry, 0, sizeof *entry);
  entry->opcode = IORING_OP_WRITE;
  entry->fd = file;
  entry->off = ~std::uint64_t{0};   // at the file's own position
  entry->addr = reinterpret_cast<std::uint64_t>(bytes.data());
  entry->len = static_cast<std::uint32_t>(bytes.size());
  auto* const base = static_cast<unsigned char*>(queue);
  *reinterpret_cast<unsigned*>(base + parameters.sq_off.array) = 0;
  auto* const tail = reinterpret_cast<std::atomic<unsigned>*>(base + parameters.sq_off.tail);
  tail->store(tail->load() + 1);
  const long entered = ::syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, nullptr, 0);
  const int error = entered == 1 ? 0 : errno;
  ::munmap(entries, entries_size);
  ::munmap(queue, size);
  return error;
}

}  // namespace

int leak_uring_write(Bytes bytes, const char* directory) {
  io_uring_params parameters{};
  const int ring = static_cast<int>(::syscall(SYS_io_uring_setup, 1, &parameters));
  if (ring < 0) return errno;
  const int file = open_at_end(planted(directory, "ring"));
  const int error = file < 0 ? errno : submit(ring, parameters, file, bytes);
  ::close(file);
  ::close(ring);
  return error;
}

}  // namespace lethe::leaks
