#include "wire/json_fields.hpp"

#include <charconv>
#include <limits>

#include "base/base64url.hpp"

namespace lethe::wire {
namespace {

std::string_view text_of(const Json& value) noexcept {
  const std::string* const text = value.get_ptr<const std::string*>();
  return text == nullptr ? std::string_view{} : std::string_view{*text};
}

}  // namespace

bool read_bytes(const Json& value, std::span<std::uint8_t> out) noexcept {
  const std::string_view text = text_of(value);
  return text.size() == base64url::encoded_size(out.size()) && base64url::decode(text, out) == out.size();
}

bool read(const Json& value, std::uint64_t& out) noexcept {
  // nlohmann keeps an integer without a sign as unsigned and -0 as signed.
  const std::uint64_t* const number = value.get_ptr<const std::uint64_t*>();
  if (number == nullptr) return false;
  out = *number;
  return true;
}

bool read(const Json& value, std::uint32_t& out) noexcept {
  std::uint64_t wide = 0;
  if (!read(value, wide) || wide > std::numeric_limits<std::uint32_t>::max()) return false;
  out = static_cast<std::uint32_t>(wide);
  return true;
}

bool read(const Json& value, bool& out) noexcept {
  const bool* const truth = value.get_ptr<const bool*>();
  if (truth == nullptr) return false;
  out = *truth;
  return true;
}

bool read(const Json& value, std::string& out) {
  const std::string* const text = value.get_ptr<const std::string*>();
  if (text == nullptr) return false;
  out = *text;
  return true;
}

bool read(const Json& value, Epoch& out) noexcept {
  const std::string_view text = text_of(value);
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const std::from_chars_result parsed = std::from_chars(text.data(), end, number, 16);
  if (text.size() != 16 || parsed.ec != std::errc{} || parsed.ptr != end) return false;
  out = Epoch{number};
  return true;
}

bool read(const Json& value, mailbox::Urgency& out) noexcept {
  using enum mailbox::Urgency;
  const std::string_view text = text_of(value);
  for (const mailbox::Urgency urgency : {very_low, low, normal, high}) {
    if (text != name(urgency)) continue;
    out = urgency;
    return true;
  }
  return false;
}

bool read(const Json& value, InviteBytes& out) noexcept { return read_bytes(value, out); }

std::string_view text_field(const Json& object, const char* key) noexcept {
  const Json* const value = field(object, key);
  return value == nullptr ? std::string_view{} : text_of(*value);
}

}  // namespace lethe::wire
