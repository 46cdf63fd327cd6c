#pragma once
// Big-endian integers and fixed byte fields, read and written in order.
#include <concepts>
#include <cstring>

#include <lethe/client/bytes.hpp>

namespace lethe::client {

// Reads from the front of a buffer that must outlive it. After a read past the end every read gives zero and ok() is
// false, so that a decoder checks once.
class ByteReader {
 public:
  explicit ByteReader(ByteView bytes) : rest_(bytes) {}

  template <std::unsigned_integral T>
  T number() {
    T value = 0;
    for (const auto byte : take(sizeof(T))) value = static_cast<T>((static_cast<std::uint64_t>(value) << 8) | byte);
    return value;
  }
  template <class Fixed>
  Fixed fixed() {
    const auto raw = take(Fixed::size);
    return raw.size() == Fixed::size ? Fixed::from(raw) : Fixed{};
  }
  ByteView take(std::size_t count) {
    if (!ok_ || rest_.size() < count) {
      ok_ = false;
      return {};
    }
    const auto taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  ByteView rest() const { return rest_; }
  bool ok() const { return ok_; }
  bool finished() const { return ok_ && rest_.empty(); }

 private:
  ByteView rest_;
  bool ok_ = true;
};

// Appends to a buffer that must outlive it.
class ByteWriter {
 public:
  explicit ByteWriter(Bytes& out) : out_(out) {}

  template <std::unsigned_integral T>
  void number(T value) {
    for (std::size_t i = sizeof(T); i-- > 0;) out_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  void bytes(ByteView bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }

 private:
  Bytes& out_;
};

}  // namespace lethe::client
