#pragma once
// Takes a binary record apart, front to back. Reading past the end gives zeros and is remembered: check `ok` once after
// the fixed part, not after every field. No allocation; spans point into the record.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <lethe/base/ids.hpp>

#include "base/big_endian.hpp"

namespace lethe::wire {

class RecordReader {
 public:
  explicit RecordReader(std::span<const std::uint8_t> record) noexcept : rest_{record} {}

  // False once a read has gone past the end; it stays so.
  bool ok() const noexcept { return ok_; }
  std::span<const std::uint8_t> rest() const noexcept { return rest_; }

  std::uint8_t u8() noexcept { return number<std::uint8_t>(); }
  std::uint16_t u16() noexcept { return number<std::uint16_t>(); }
  std::uint32_t u32() noexcept { return number<std::uint32_t>(); }
  std::uint64_t u64() noexcept { return number<std::uint64_t>(); }

  // The next `count` bytes; empty where there are fewer.
  std::span<const std::uint8_t> take(std::size_t count) noexcept {
    if (count > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const std::span<const std::uint8_t> taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }

  template <class Tag, std::size_t N>
  void bytes(FixedBytes<Tag, N>& out) noexcept {
    const std::span<const std::uint8_t> taken = take(N);
    if (ok_) out = FixedBytes<Tag, N>::from(taken);
  }

 private:
  template <class T>
  T number() noexcept {
    const std::span<const std::uint8_t> taken = take(sizeof(T));
    return ok_ ? load_big_endian<T>(taken.data()) : T{0};
  }

  std::span<const std::uint8_t> rest_;
  bool ok_ = true;
};

}  // namespace lethe::wire
