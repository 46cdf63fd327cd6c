#pragma once
// POSIX files with errors as values: what the key file, outgoing files and the inbox are made of.
#include <string>
#include <utility>

#include <sys/types.h>

#include <lethe/client/bytes.hpp>
#include <lethe/client/error.hpp>

namespace lethe::client {

// An open descriptor; closed with its owner. Move-only.
class File {
 public:
  File() = default;
  ~File();
  File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  File& operator=(File&& other) noexcept;

  // `flags` as of open(2); O_CLOEXEC is added.
  static Result<File> open(const std::string& path, int flags, mode_t mode = 0600);

  // Takes over what is open already, such as standard input.
  static File adopt(int descriptor) { return File(descriptor); }

  int descriptor() const noexcept { return descriptor_; }
  bool is_open() const noexcept { return descriptor_ >= 0; }

  // All of `bytes`, at that offset, or at the end for append().
  error_code write_at(ByteView bytes, std::uint64_t offset);
  error_code append(ByteView bytes);
  // As many bytes as there are, up to the size of `out`; fewer only at the end of the file.
  Result<std::size_t> read_at(std::span<std::uint8_t> out, std::uint64_t offset) const;
  Result<std::size_t> read_next(std::span<std::uint8_t> out);
  // Contents (not all metadata) are on the disk when it returns.
  error_code sync();
  Result<std::uint64_t> size() const;

 private:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

// Renames and creations in the directory are on the disk when it returns.
error_code sync_directory(const std::string& path);

// The whole file. Error::too_large beyond `most` bytes.
Result<Bytes> read_file(const std::string& path, std::size_t most);

error_code last_system_error() noexcept;

}  // namespace lethe::client
