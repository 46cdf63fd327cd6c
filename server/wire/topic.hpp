#pragma once
// What a topic may be: 1–32 of A–Z a–z 0–9 - _. Source: docs/protocol.md, «Sending».
#include <algorithm>
#include <cstddef>
#include <string_view>

namespace lethe::wire {

inline constexpr std::size_t longest_topic = 32;

// A letter of base64url, which is also a letter of a topic.
constexpr bool is_word_letter(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

constexpr bool is_topic(std::string_view text) noexcept {
  return !text.empty() && text.size() <= longest_topic && std::all_of(text.begin(), text.end(), is_word_letter);
}

}  // namespace lethe::wire
