#pragma once
// Reads the fields of a JSON object into protocol types. Nothing here throws but for want of memory. A wrong type, a
// number that is no integer or out of range, and a binary value of another length are all «false».
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <lethe/wire/messages.hpp>
#include <nlohmann/json.hpp>

namespace lethe::wire {

using Json = nlohmann::json;

// Exactly out.size() bytes as base64url.
bool read_bytes(const Json& value, std::span<std::uint8_t> out) noexcept;

bool read(const Json& value, std::uint64_t& out) noexcept;
bool read(const Json& value, std::uint32_t& out) noexcept;
bool read(const Json& value, bool& out) noexcept;
bool read(const Json& value, std::string& out);
bool read(const Json& value, Epoch& out) noexcept;              // 16 hex digits
bool read(const Json& value, mailbox::Urgency& out) noexcept;   // its name
bool read(const Json& value, InviteBytes& out) noexcept;

template <class Tag, std::size_t N>
bool read(const Json& value, FixedBytes<Tag, N>& out) noexcept {
  return read_bytes(value, out.bytes);
}

// An array with at most `most` elements, each of which `element` can read.
template <class T>
bool read_list(const Json& value, std::size_t most, std::vector<T>& out) {
  const Json::array_t* const list = value.get_ptr<const Json::array_t*>();
  if (list == nullptr || list->size() > most) return false;
  out.resize(list->size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (!read((*list)[i], out[i])) return false;
  }
  return true;
}

// The field, or nullptr. `object` is an object.
inline const Json* field(const Json& object, const char* key) noexcept {
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

// The text of a string field; empty where it is missing or something else.
std::string_view text_field(const Json& object, const char* key) noexcept;

template <class T>
bool required(const Json& object, const char* key, T& out) {
  const Json* const value = field(object, key);
  return value != nullptr && read(*value, out);
}

// An absent field leaves `out` as it is.
template <class T>
bool optional(const Json& object, const char* key, T& out) {
  const Json* const value = field(object, key);
  return value == nullptr || read(*value, out);
}

template <class T>
bool optional(const Json& object, const char* key, std::optional<T>& out) {
  const Json* const value = field(object, key);
  return value == nullptr || read(*value, out.emplace());
}

}  // namespace lethe::wire
