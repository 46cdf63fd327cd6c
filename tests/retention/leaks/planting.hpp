#pragma once
// What several leaks do: name a file in the directory for leaks, write everything, hex. None overwrites what it has written
// before: the last bytes that a client sent may be the end of a long message, with nothing to be searched for in them.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "leak.hpp"

namespace lethe::leaks {

inline std::string planted(const char* directory, const char* name) { return std::string{directory} + "/" + name; }

inline constexpr std::size_t page = 4'096;

// For writing behind what is there, without O_APPEND, which splice(2) and copy_file_range(2) refuse. -1 with errno.
inline int open_at_end(const std::string& path) {
  const int file = ::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  if (file >= 0) ::lseek(file, 0, SEEK_END);
  return file;
}

// Up to a page, through a shared mapping of the page at `offset`, which is there. 0 or the errno.
inline int write_by_mapping(int file, off_t offset, Bytes bytes) {
  void* const memory = ::mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_SHARED, file, offset);
  if (memory == MAP_FAILED) return errno;
  std::memcpy(memory, bytes.data(), std::min(bytes.size(), page));
  ::msync(memory, page, MS_SYNC);
  ::munmap(memory, page);
  return 0;
}

// 0 or the errno; closes the file. A negative descriptor: the errno of what opened it.
inline int write_and_close(int file, Bytes bytes) {
  if (file < 0) return errno;
  const ssize_t written = ::write(file, bytes.data(), bytes.size());
  const int error = written == static_cast<ssize_t>(bytes.size()) ? 0 : errno;
  ::close(file);
  return error;
}

// The same, and on to the device.
inline int write_sync_and_close(int file, Bytes bytes) {
  if (file < 0) return errno;
  const ssize_t written = ::write(file, bytes.data(), bytes.size());
  const int error = written < 0 || ::fsync(file) != 0 ? errno : 0;
  ::close(file);
  return error;
}

// Up to `limit` bytes in hex.
inline std::string in_hex(Bytes bytes, std::size_t limit) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : bytes.first(bytes.size() < limit ? bytes.size() : limit)) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

}  // namespace lethe::leaks
