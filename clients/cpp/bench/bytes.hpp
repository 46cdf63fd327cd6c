#pragma once
// Byte strings in network order, for codecs that are written by hand.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lethe::bench {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;

inline View view(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }
inline std::string_view text_of(View bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

inline void append(Bytes& out, View bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }
inline void append(Bytes& out, std::string_view text) { append(out, view(text)); }

// Most significant byte first.
template <class Number>
void append_number(Bytes& out, Number number) {
  for (int shift = static_cast<int>(sizeof number) * 8 - 8; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(number >> shift));
}

template <class Number>
Number read_number(const std::uint8_t* at) {
  Number number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i) number = static_cast<Number>(number << 8 | at[i]);
  return number;
}

}  // namespace lethe::bench
