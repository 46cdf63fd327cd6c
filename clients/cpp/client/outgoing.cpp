#include "client/outgoing.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <utility>

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>

namespace lethe::client {

namespace {
constexpr std::size_t block_size = 262'144;

// The last step of the path, cut to what fits the name field, at a character.
std::string name_in(const std::string& path) {
  auto name = std::filesystem::path(path).filename().string();
  if (name.size() <= 255) return name;
  std::size_t size = 255;
  while (size > 0 && (static_cast<unsigned char>(name[size]) & 0xC0) == 0x80) --size;
  return name.substr(0, size);
}
}  // namespace

Outgoing Outgoing::text(ByteView content) {
  auto outgoing = memory(Bytes(content.begin(), content.end()), "");
  outgoing.part_.kind = Kind::text;
  return outgoing;
}

Outgoing Outgoing::memory(Bytes content, std::string name) {
  Outgoing outgoing;
  outgoing.content_ = std::move(content);
  outgoing.part_.kind = Kind::file;
  outgoing.part_.name = std::move(name);
  outgoing.part_.transfer = random_fixed<TransferId>();
  outgoing.part_.total = outgoing.content_.size();
  outgoing.part_.hash = hash_content(outgoing.content_);
  return outgoing;
}

Result<Outgoing> Outgoing::file(const std::string& path) {
  auto file = File::open(path, O_RDONLY);
  if (!file) return file.error();
  struct stat status {};
  if (::fstat(file->descriptor(), &status) != 0) return last_system_error();
  if (!S_ISREG(status.st_mode)) {
    return make_error_code(S_ISDIR(status.st_mode) ? boost::system::errc::is_a_directory : boost::system::errc::invalid_argument);
  }
  Outgoing outgoing;
  outgoing.file_ = std::move(*file);
  outgoing.part_.kind = Kind::file;
  outgoing.part_.name = name_in(path);
  outgoing.part_.transfer = random_fixed<TransferId>();
  if (const auto failure = outgoing.hash_file()) return failure;
  return outgoing;
}

error_code Outgoing::hash_file() {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  Bytes block(block_size);
  for (;;) {
    const auto size = file_.read_at(block, part_.total);
    if (!size) return size.error();
    crypto_hash_sha256_update(&state, block.data(), *size);
    part_.total += *size;
    if (*size < block.size()) break;
  }
  crypto_hash_sha256_final(&state, part_.hash.bytes.data());
  wipe_memory(&state, sizeof state);
  return {};
}

error_code Outgoing::cut(std::size_t payload_limit) {
  payload_limit_ = payload_limit;
  capacity_ = part_capacity(payload_limit, part_.name.size());
  if (capacity_ == 0) return Error::too_large;
  const auto count = std::max<std::uint64_t>(1, (part_.total + capacity_ - 1) / capacity_);
  if (count > std::numeric_limits<std::uint32_t>::max() || (part_.kind == Kind::text && count > 1)) return Error::too_large;
  part_.count = static_cast<std::uint32_t>(count);
  return {};
}

Result<std::optional<Bytes>> Outgoing::next(const Address& recipient, const Identity* sender) {
  if (taken_ == part_.count) return std::optional<Bytes>();
  part_.index = taken_++;
  part_.offset = static_cast<std::uint64_t>(part_.index) * capacity_;
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(capacity_, part_.total - part_.offset));
  part_.bytes.resize(size);
  if (file_.is_open()) {
    const auto got = file_.read_at(part_.bytes, part_.offset);
    if (!got) return got.error();
    if (*got != size) return Error::bad_contents;
  } else {
    std::copy_n(content_.begin() + static_cast<std::ptrdiff_t>(part_.offset), size, part_.bytes.begin());
  }
  auto sealed = seal(part_, recipient, sender, payload_limit_);
  if (!sealed) return sealed.error();
  return std::optional<Bytes>(std::move(*sealed));
}

}  // namespace lethe::client
