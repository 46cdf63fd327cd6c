#include "wire/text_writer.hpp"

#include <array>
#include <charconv>
#include <cstring>

#include "base/base64url.hpp"
#include "base/check.hpp"

namespace lethe::wire {
namespace {

constexpr char kDigits[] = "0123456789abcdef";

template <class T>
std::string_view decimal(T value, std::array<char, 20>& room) noexcept {
  const std::to_chars_result end = std::to_chars(room.data(), room.data() + room.size(), value);
  return {room.data(), end.ptr};
}

}  // namespace

std::span<std::uint8_t> TextWriter::reserve(std::size_t size) noexcept {
  LETHE_CHECK(size <= out_.size() - written_);
  const std::span<std::uint8_t> place = out_.subspan(written_, size);
  written_ += size;
  return place;
}

TextWriter& TextWriter::raw(std::string_view text) noexcept {
  const std::span<std::uint8_t> place = reserve(text.size());
  if (!text.empty()) std::memcpy(place.data(), text.data(), text.size());
  return *this;
}

TextWriter& TextWriter::escaped(std::string_view text) noexcept {
  for (const char& c : text) {
    const unsigned code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      raw("\\").raw({&c, 1});
    } else if (code < 0x20) {
      const char digits[] = {kDigits[code >> 4], kDigits[code & 15]};
      raw("\\u00").raw({digits, 2});
    } else {
      raw({&c, 1});
    }
  }
  return *this;
}

TextWriter& TextWriter::number(std::uint64_t value) noexcept {
  std::array<char, 20> room;
  return raw(decimal(value, room));
}

TextWriter& TextWriter::signed_number(std::int64_t value) noexcept {
  std::array<char, 20> room;
  return raw(decimal(value, room));
}

TextWriter& TextWriter::base64url(std::span<const std::uint8_t> bytes) noexcept {
  const std::span<std::uint8_t> place = reserve(lethe::base64url::encoded_size(bytes.size()));
  lethe::base64url::encode(bytes, reinterpret_cast<char*>(place.data()));
  return *this;
}

TextWriter& TextWriter::epoch(Epoch value) noexcept {
  const auto number = static_cast<std::uint64_t>(value);
  const std::span<std::uint8_t> place = reserve(16);
  for (unsigned i = 0; i < 16; ++i) place[i] = static_cast<std::uint8_t>(kDigits[number >> (60 - 4 * i) & 15]);
  return *this;
}

}  // namespace lethe::wire
