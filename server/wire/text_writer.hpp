#pragma once
// Writes the text of a JSON message front to back into memory of the caller's. No allocation. Writing past the end is a
// bug of the one who measured, and stops the process.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <lethe/base/ids.hpp>

namespace lethe::wire {

class TextWriter {
 public:
  explicit TextWriter(std::span<std::uint8_t> out) noexcept : out_{out} {}

  std::size_t written() const noexcept { return written_; }

  // As it stands: JSON already.
  TextWriter& raw(std::string_view text) noexcept;
  // What stands between quotes, with what JSON demands escaped. `text` is UTF-8.
  TextWriter& escaped(std::string_view text) noexcept;
  TextWriter& number(std::uint64_t value) noexcept;
  TextWriter& signed_number(std::int64_t value) noexcept;
  TextWriter& truth(bool value) noexcept { return raw(value ? "true" : "false"); }
  TextWriter& base64url(std::span<const std::uint8_t> bytes) noexcept;
  // 16 lower-case hex digits.
  TextWriter& epoch(Epoch value) noexcept;

  // The next `size` bytes, for someone else to fill.
  std::span<std::uint8_t> reserve(std::size_t size) noexcept;

 private:
  std::span<std::uint8_t> out_;
  std::size_t written_ = 0;
};

}  // namespace lethe::wire
