#include "client/partial_file.hpp"

#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include "client/byte_cursor.hpp"
#include "client/safe_name.hpp"

namespace lethe::client {

// Index: «LETHEIX1», count u32, total u64, hash 32, signed u8, sender 32, name size u8, name; then a u32 for each part.
namespace {
constexpr std::string_view magic = "LETHEIX1";
constexpr std::size_t block_size = 262'144;
constexpr unsigned most_names = 10'000;

std::string hex(const TransferId& transfer) {
  char text[2 * TransferId::size + 1];
  return sodium_bin2hex(text, sizeof text, transfer.bytes.data(), TransferId::size);
}

Bytes index_header(const Part& part) {
  Bytes bytes;
  ByteWriter out(bytes);
  out.bytes(as_bytes(magic));
  out.number(part.count);
  out.number(part.total);
  out.bytes(part.hash.bytes);
  out.number<std::uint8_t>(part.sender ? 1 : 0);
  out.bytes(part.sender.value_or(Address{}).bytes);
  out.number(static_cast<std::uint8_t>(part.name.size()));
  out.bytes(as_bytes(part.name));
  return bytes;
}
}  // namespace

std::optional<TransferId> transfer_of_index(const std::string& file_name) {
  TransferId transfer;
  if (file_name.size() != 2 * TransferId::size + 6 || !file_name.ends_with(".index")) return std::nullopt;
  const int failed = sodium_hex2bin(transfer.bytes.data(), TransferId::size, file_name.data(), 2 * TransferId::size, nullptr,
                                    nullptr, nullptr);
  return failed == 0 ? std::optional(transfer) : std::nullopt;
}

PartialFile::PartialFile(std::string directory, const TransferId& transfer) : directory_(std::move(directory)) {
  description_.transfer = transfer;
  description_.kind = Kind::file;
  part_path_ = directory_ + "/" + hex(transfer) + ".part";
  index_path_ = directory_ + "/" + hex(transfer) + ".index";
}

Result<PartialFile> PartialFile::open(const std::string& directory, const Part& part) {
  if (auto existing = load(directory, part.transfer)) return existing;
  PartialFile fresh(directory, part.transfer);
  if (const auto failure = fresh.create(part)) return failure;
  return fresh;
}

Result<PartialFile> PartialFile::load(const std::string& directory, const TransferId& transfer) {
  PartialFile partial(directory, transfer);
  auto index = File::open(partial.index_path_, O_RDWR | O_APPEND);
  if (!index) return index.error();
  partial.index_ = std::move(*index);
  auto file = File::open(partial.part_path_, O_RDWR);
  if (file) partial.file_ = std::move(*file);
  const auto failure = partial.read_index();
  if (!failure && (partial.file_.is_open() || partial.is_whole())) return partial;
  partial.remove();
  return failure ? failure : make_error_code(Error::bad_contents);
}

error_code PartialFile::create(const Part& part) {
  const auto transfer = description_.transfer;
  description_ = part;
  description_.bytes = {};
  description_.transfer = transfer;
  auto file = File::open(part_path_, O_RDWR | O_CREAT | O_TRUNC);
  if (!file) return file.error();
  auto index = File::open(index_path_, O_RDWR | O_CREAT | O_TRUNC | O_APPEND);
  if (!index) return index.error();
  file_ = std::move(*file);
  index_ = std::move(*index);
  if (const auto failure = index_.append(index_header(part))) return failure;
  if (const auto failure = index_.sync()) return failure;
  return sync_directory(directory_);
}

error_code PartialFile::read_index() {
  const auto size = index_.size();
  if (!size) return size.error();
  Bytes bytes(static_cast<std::size_t>(*size));
  const auto got = index_.read_at(bytes, 0);
  if (!got) return got.error();
  ByteReader in(ByteView(bytes).first(*got));
  const bool known = as_text(in.take(magic.size())) == magic;
  description_.count = in.number<std::uint32_t>();
  description_.total = in.number<std::uint64_t>();
  description_.hash = in.fixed<ContentHash>();
  const bool has_sender = in.number<std::uint8_t>() == 1;
  const auto sender = in.fixed<Address>();
  if (has_sender) description_.sender = sender;
  const auto name_size = in.number<std::uint8_t>();
  description_.name = as_text(in.take(name_size));
  if (!known || !in.ok()) return Error::bad_contents;
  while (in.rest().size() >= sizeof(std::uint32_t)) {
    const auto part = in.number<std::uint32_t>();
    if (part < description_.count) parts_.insert(part);
  }
  // A number torn by a crash would shift those that follow.
  const auto torn = in.rest().size();
  if (torn != 0 && ::ftruncate(index_.descriptor(), static_cast<off_t>(*got - torn)) != 0) return last_system_error();
  return {};
}

bool PartialFile::belongs(const Part& part) const noexcept {
  return part.kind == Kind::file && part.transfer == description_.transfer && part.count == description_.count &&
         part.total == description_.total && part.hash == description_.hash && part.sender == description_.sender &&
         part.name == description_.name;
}

error_code PartialFile::add(const Part& part) {
  if (has(part.index)) return {};
  if (const auto failure = file_.write_at(part.bytes, part.offset)) return failure;
  if (const auto failure = file_.sync()) return failure;
  Bytes entry;
  ByteWriter(entry).number(part.index);
  if (const auto failure = index_.append(entry)) return failure;
  if (const auto failure = index_.sync()) return failure;
  parts_.insert(part.index);
  return {};
}

error_code PartialFile::verify() const {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  Bytes block(block_size);
  std::uint64_t size = 0;
  for (;;) {
    const auto got = file_.read_at(block, size);
    if (!got) return got.error();
    crypto_hash_sha256_update(&state, block.data(), *got);
    size += *got;
    if (*got < block.size()) break;
  }
  ContentHash hash;
  crypto_hash_sha256_final(&state, hash.bytes.data());
  if (size != description_.total || hash != description_.hash) return Error::bad_contents;
  return {};
}

Result<std::string> PartialFile::publish(const std::string& directory) {
  const auto name = safe_name(description_.name);
  for (unsigned number = 1; number < most_names; ++number) {
    const auto path = directory + "/" + numbered_name(name, number);
    if (::renameat2(AT_FDCWD, part_path_.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0) {
      if (const auto failure = sync_directory(directory)) return failure;
      if (const auto failure = sync_directory(directory_)) return failure;
      return path;
    }
    if (errno != EEXIST) return last_system_error();
  }
  return make_error_code(boost::system::errc::file_exists);
}

void PartialFile::remove_index() { ::unlink(index_path_.c_str()); }

void PartialFile::remove() {
  ::unlink(part_path_.c_str());
  remove_index();
}

}  // namespace lethe::client
