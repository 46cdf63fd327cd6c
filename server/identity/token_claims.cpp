#include "identity/token_claims.hpp"

#include <array>
#include <limits>
#include <string>

#include <nlohmann/json.hpp>

#include "base/base64url.hpp"
#include "identity/errors.hpp"

namespace lethe::identity {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 8;
constexpr double kYear9999 = 253'402'300'799.0;
constexpr std::uint64_t kMaxBytesPerSecond = std::uint64_t{1} << 53;

// An object, or a discarded value: for what is no JSON, no object, or nested too deep.
json parse_object(std::string_view text) {
  bool too_deep = false;
  const auto watch_depth = [&too_deep](int depth, json::parse_event_t event, json&) {
    const bool opens = event == json::parse_event_t::object_start || event == json::parse_event_t::array_start;
    too_deep = too_deep || (opens && depth >= kMaxDepth);
    return !too_deep;
  };
  json value = json::parse(text, watch_depth, false);
  if (too_deep || !value.is_object()) return json(json::value_t::discarded);
  return value;
}

const json* find(const json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

std::optional<seconds> numeric_date(const json& value) {
  if (!value.is_number()) return std::nullopt;
  const double date = value.get<double>();
  if (!(date >= 0 && date <= kYear9999)) return std::nullopt;
  return seconds(static_cast<seconds::rep>(date));
}

// False if `name` is there and is not a whole number from 1 to `most`.
template <class Number>
bool read_quota(const json& quota, const char* name, std::uint64_t most, std::optional<Number>& out) {
  const json* value = find(quota, name);
  if (value == nullptr) return true;
  if (!value->is_number_unsigned()) return false;
  const std::uint64_t number = value->get<std::uint64_t>();
  if (number == 0 || number > most) return false;
  out = static_cast<Number>(number);
  return true;
}

bool read_quotas(const json& claims, Claims& out) {
  const json* quota = find(claims, "quota");
  if (quota == nullptr) return true;
  return quota->is_object() &&
         read_quota(*quota, "sends_per_second", std::numeric_limits<std::uint32_t>::max(), out.sends_per_second) &&
         read_quota(*quota, "bytes_per_second", kMaxBytesPerSecond, out.bytes_per_second);
}

bool names(const json& subject, const Address& device) {
  std::array<char, base64url::encoded_size(Address::size)> text;
  base64url::encode(device.bytes, text.data());
  return subject.get_ref<const std::string&>() == std::string_view(text.data(), text.size());
}

}  // namespace

Result<void> check_token_header(std::string_view text, std::string_view algorithm) {
  const json header = parse_object(text);
  if (header.is_discarded()) return error_code(IdentityError::token_malformed);
  const json* named = find(header, "alg");
  const bool same = named != nullptr && named->is_string() && named->get_ref<const std::string&>() == algorithm;
  if (!same || header.contains("crit")) return error_code(IdentityError::token_algorithm);
  return {};
}

Result<Claims> read_token_claims(std::string_view text, const Address& device, Wall now) {
  const json claims = parse_object(text);
  if (claims.is_discarded()) return error_code(IdentityError::token_malformed);
  const json* subject = find(claims, "sub");
  const json* expiry = find(claims, "exp");
  if (subject == nullptr || !subject->is_string() || expiry == nullptr) return error_code(IdentityError::token_claims);
  if (!names(*subject, device)) return error_code(IdentityError::token_subject);

  const std::optional<seconds> expires = numeric_date(*expiry);
  if (!expires) return error_code(IdentityError::token_claims);
  if (Wall(*expires) <= now) return error_code(IdentityError::token_expired);
  if (const json* start = find(claims, "nbf"); start != nullptr) {
    const std::optional<seconds> starts = numeric_date(*start);
    if (!starts) return error_code(IdentityError::token_claims);
    if (now < Wall(*starts)) return error_code(IdentityError::token_not_yet_valid);
  }
  Claims result;
  result.expires = Wall(*expires);
  if (!read_quotas(claims, result)) return error_code(IdentityError::token_claims);
  return result;
}

}  // namespace lethe::identity
