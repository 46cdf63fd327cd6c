#pragma once
// Writes one binary record front to back, its length first. No allocation. The record must fill the memory given exactly:
// anything else is a bug of the one who measured, and stops the process.
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "base/big_endian.hpp"
#include "base/check.hpp"
#include "wire/record_kind.hpp"

namespace lethe::wire {

class RecordWriter {
 public:
  // `out` is the record with its length.
  RecordWriter(RecordKind kind, std::span<std::uint8_t> out) noexcept : rest_{out} {
    number(static_cast<std::uint32_t>(out.size() - record_prefix)).number(static_cast<std::uint8_t>(kind));
  }

  template <std::unsigned_integral T>
  RecordWriter& number(T value) noexcept {
    store_big_endian(value, reserve(sizeof(T)).data());
    return *this;
  }
  RecordWriter& bytes(std::span<const std::uint8_t> bytes) noexcept {
    std::memcpy(reserve(bytes.size()).data(), bytes.data(), bytes.size());
    return *this;
  }
  // The next `size` bytes, for someone else to fill.
  std::span<std::uint8_t> reserve(std::size_t size) noexcept {
    LETHE_CHECK(size <= rest_.size());
    const std::span<std::uint8_t> place = rest_.first(size);
    rest_ = rest_.subspan(size);
    return place;
  }
  void finish() const noexcept { LETHE_CHECK(rest_.empty()); }

 private:
  std::span<std::uint8_t> rest_;
};

}  // namespace lethe::wire
