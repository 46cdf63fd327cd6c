#include "base/arena_mapping.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "base/thread.hpp"

namespace lethe {
namespace {

// Linux 5.18; older kernels answer EINVAL.
#ifndef MADV_DONTNEED_LOCKED
#define MADV_DONTNEED_LOCKED 24
#endif
// The same number on every architecture; the C library has no function.
#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447
#endif

constexpr std::size_t kPage = 4'096;
constexpr ByteCount kTouchedByOne = 16'777'216;   // bytes that are worth a thread
constexpr ByteCount kTouchersAtMost = 8;

std::string text_of(int error) { return std::generic_category().message(error); }

std::string lock_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return "unknown";
  return limit.rlim_cur == RLIM_INFINITY ? "unlimited" : std::to_string(limit.rlim_cur) + " bytes";
}

[[noreturn]] void refuse_unlocked(ByteCount size, const char* instead) {
  throw std::runtime_error("cannot lock " + std::to_string(size) + " bytes of memory for payloads while RLIMIT_MEMLOCK is " +
                           lock_limit() +
                           ": allow it with LimitMEMLOCK= in systemd, --ulimit memlock= in Docker or ulimit -l in a"
                           " shell, or set " +
                           instead);
}

// Where the limit is what stands in the way, that is said as for ordinary memory.
[[noreturn]] void refuse_unsecret(ByteCount size, int error) {
  if (error == EAGAIN) refuse_unlocked(size, "memory.secret=best-effort to accept that root can read queued payloads");
  throw std::runtime_error("cannot get " + std::to_string(size) + " bytes of secret memory for payloads (" + text_of(error) +
                           "): it takes memfd_secret of Linux 5.14, with the boot option secretmem.enable=1 before 6.5, and as"
                           " much free memory; or set memory.secret=best-effort to accept that root can read queued payloads");
}

// All of it is taken at once, so more than there is would have the system kill this process, or another.
bool more_than_there_is(ByteCount size) noexcept {
  const long pages = ::sysconf(_SC_PHYS_PAGES);
  return pages > 0 && size / kPage > static_cast<ByteCount>(pages);
}

void touch_pages(std::uint8_t* from, ByteCount size) noexcept {
  for (ByteCount at = 0; at < size; at += kPage) static_cast<volatile std::uint8_t*>(from)[at] = 0;
}

}  // namespace

ArenaMapping::ArenaMapping(ByteCount size, MemoryLocking locking, SecretMemory secret) : size_{size} {
  if (secret == SecretMemory::required || (secret == SecretMemory::best_effort && locking != MemoryLocking::off)) {
    const int error = map_secret();
    if (error == 0) {
      touch();
      return;
    }
    if (secret == SecretMemory::required) refuse_unsecret(size_, error);
  }
  map_ordinary();
  lock(locking);
}

ArenaMapping::~ArenaMapping() { ::munmap(base_, size_); }

int ArenaMapping::map_secret() noexcept {
  if (more_than_there_is(size_)) return ENOMEM;
  const auto file = static_cast<int>(::syscall(SYS_memfd_secret, O_CLOEXEC));
  if (file < 0) return errno;
  void* mapping = MAP_FAILED;
  if (::ftruncate(file, static_cast<off_t>(size_)) == 0) {
    mapping = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  }
  const int error = errno;
  // While the descriptor is open, root can take a copy of it (pidfd_getfd) and map the same pages.
  ::close(file);
  if (mapping == MAP_FAILED) return error;
  // A child would share the pages, not copy them.
  if (::madvise(mapping, size_, MADV_DONTFORK) != 0) {
    const int refused = errno;
    ::munmap(mapping, size_);
    return refused;
  }
  base_ = static_cast<std::uint8_t*>(mapping);
  locked_ = secret_ = true;
  return 0;
}

// Some 20 µs a page, most of them spent telling the other processors; several threads at it are that much faster. None of
// them is left when it returns.
void ArenaMapping::touch() noexcept {
  const auto processors = static_cast<ByteCount>(std::max(::sysconf(_SC_NPROCESSORS_ONLN), 1L));
  const ByteCount shares = std::clamp<ByteCount>(size_ / kTouchedByOne, 1, std::min(processors, kTouchersAtMost));
  const ByteCount share = size_ / kPage / shares * kPage;
  std::vector<Thread> others;
  ByteCount handed_out = 0;
  try {
    others.reserve(shares);
    for (; handed_out + share < size_ && others.size() + 1 < shares; handed_out += share) {
      others.emplace_back([from = base_ + handed_out, share] { touch_pages(from, share); });
    }
  } catch (const std::exception&) {
    // Fewer threads than wished: this one does the rest.
  }
  touch_pages(base_ + handed_out, size_ - handed_out);
  for (Thread& other : others) other.join();
}

void ArenaMapping::map_ordinary() {
  void* const mapping =
      ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) {
    throw std::runtime_error("cannot reserve " + std::to_string(size_) + " bytes of address space for payloads (" +
                             text_of(errno) + "): lower memory.arena");
  }
  base_ = static_cast<std::uint8_t*>(mapping);
  // Huge pages would make a slab that is hardly used cost 2 MiB, and come back with stale neighbours.
  for (const int advice : {MADV_DONTDUMP, MADV_DONTFORK, MADV_NOHUGEPAGE}) (void)::madvise(base_, size_, advice);
}

void ArenaMapping::lock(MemoryLocking locking) {
  if (locking == MemoryLocking::off) return;
  locked_ = ::mlock2(base_, size_, MLOCK_ONFAULT) == 0;
  if (locked_ || locking == MemoryLocking::best_effort) return;
  ::munmap(base_, size_);
  refuse_unlocked(size_, "memory.locking=best-effort to accept that payloads may be swapped out");
}

bool ArenaMapping::drop(std::size_t slab) noexcept {
  if (secret_) return true;
  std::uint8_t* const from = base_ + slab * Arena::slab_size;
  if (!locked_) {
    (void)::madvise(from, Arena::slab_size, MADV_DONTNEED);
    return true;
  }
  if (::madvise(from, Arena::slab_size, MADV_DONTNEED_LOCKED) == 0) return true;
  // MADV_DONTNEED refuses locked pages, so older kernels take three calls.
  if (::munlock(from, Arena::slab_size) != 0) return true;
  (void)::madvise(from, Arena::slab_size, MADV_DONTNEED);
  return ::mlock2(from, Arena::slab_size, MLOCK_ONFAULT) == 0;
}

}  // namespace lethe
