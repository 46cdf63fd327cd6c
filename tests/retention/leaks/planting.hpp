#pragma once
// What several leaks do: name a file in the directory for leaks, write everything, hex.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "leak.hpp"

namespace lethe::leaks {

inline std::string planted(const char* directory, const char* name) { return std::string{directory} + "/" + name; }

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
