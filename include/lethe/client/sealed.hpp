#pragma once
// End-to-end sealing: what is inside a payload (docs/sealed-format.md, byte by byte). Only the recipient's key opens it;
// its length is one of five, so that the relay learns little from it.
#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include <lethe/client/bytes.hpp>
#include <lethe/client/identity.hpp>

namespace lethe::client {

using TransferId = FixedBytes<struct TransferIdTag, 16>;
using ContentHash = FixedBytes<struct ContentHashTag, 32>;  // SHA-256 of the whole content

enum class Kind : std::uint8_t { text = 1, file = 2 };

// One message of a transfer. A text is always one part; a file is `count` parts, in any order.
struct Part {
  Kind kind = Kind::text;
  TransferId transfer;
  std::uint32_t index = 0;   // 0 … count-1
  std::uint32_t count = 1;
  std::uint64_t offset = 0;  // of `bytes` in the whole content
  std::uint64_t total = 0;   // size of the whole content
  ContentHash hash;
  std::string name;          // of the file, at most 255 bytes of UTF-8; never a path to be trusted
  Bytes bytes;
  std::optional<Address> sender;  // after open_sealed: who signed it
};

inline constexpr std::array<std::size_t, 5> sealed_sizes{256, 1'024, 4'096, 16'384, 65'536};

// The most content bytes that fit in one payload of at most `payload_limit` bytes beside a name of that length; 0 if none.
std::size_t part_capacity(std::size_t payload_limit, std::size_t name_size) noexcept;

// Seals for `recipient`, padded to the smallest size that holds it, signed when `sender` is not null. Error::too_large
// when no size up to `payload_limit` does; Error::bad_key when the address is no usable key. `part.sender` is ignored.
Result<Bytes> seal(const Part& part, const Address& recipient, const Identity* sender, std::size_t payload_limit = 65'536);

// Error::not_sealed_for_us, bad_contents or bad_signature. A part without a sender came from anyone.
Result<Part> open_sealed(ByteView payload, const Identity& recipient);

ContentHash hash_content(ByteView content) noexcept;

}  // namespace lethe::client
