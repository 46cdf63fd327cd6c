#include "client/file.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lethe::client {

error_code last_system_error() noexcept { return {errno, boost::system::system_category()}; }

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

File& File::operator=(File&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

Result<File> File::open(const std::string& path, int flags, mode_t mode) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  if (descriptor < 0) return last_system_error();
  return File(descriptor);
}

error_code File::write_at(ByteView bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const auto written = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return last_system_error();
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return {};
}

error_code File::append(ByteView bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return last_system_error();
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Result<std::size_t> File::read_at(std::span<std::uint8_t> out, std::uint64_t offset) const {
  std::size_t filled = 0;
  while (filled < out.size()) {
    const auto got = ::pread(descriptor_, out.data() + filled, out.size() - filled, static_cast<off_t>(offset + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return last_system_error();
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  return filled;
}

Result<std::size_t> File::read_next(std::span<std::uint8_t> out) {
  std::size_t filled = 0;
  while (filled < out.size()) {
    const auto got = ::read(descriptor_, out.data() + filled, out.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return last_system_error();
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  return filled;
}

error_code File::sync() {
  if (::fdatasync(descriptor_) == 0) return {};
  return last_system_error();
}

Result<std::uint64_t> File::size() const {
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) return last_system_error();
  return static_cast<std::uint64_t>(status.st_size);
}

error_code sync_directory(const std::string& path) {
  const auto directory = File::open(path, O_RDONLY | O_DIRECTORY);
  if (!directory) return directory.error();
  if (::fsync(directory->descriptor()) == 0) return {};
  return last_system_error();
}

Result<Bytes> read_file(const std::string& path, std::size_t most) {
  auto file = File::open(path, O_RDONLY);
  if (!file) return file.error();
  Bytes bytes(most + 1);
  const auto size = file->read_next(bytes);
  if (!size) return size.error();
  if (*size > most) return Error::too_large;
  bytes.resize(*size);
  return bytes;
}

}  // namespace lethe::client
