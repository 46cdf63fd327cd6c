#include "identity/status_proof.hpp"

#include <algorithm>
#include <charconv>

#include "base/base64url.hpp"
#include "identity/ed25519.hpp"

namespace lethe::identity {
namespace {

constexpr std::string_view scheme = "Lethe-Demo ";
constexpr std::size_t longest_time = 12;   // digits: no overflow, and some 30,000 years

template <class Id>
std::optional<Id> decode(std::string_view text) {
  Id id;
  if (text.size() != base64url::encoded_size(Id::size) || base64url::decode(text, id.bytes) != Id::size) return std::nullopt;
  return id;
}

bool fresh(std::string_view time, Wall now) {
  std::int64_t given = 0;
  const auto [end, error] = std::from_chars(time.data(), time.data() + time.size(), given);
  if (error != std::errc{} || end != time.data() + time.size() || time.size() > longest_time) return false;
  const seconds away = std::chrono::floor<seconds>(now.time_since_epoch()) - seconds{given};
  return away <= status_proof_slack && -away <= status_proof_slack;
}

}  // namespace

std::vector<std::uint8_t> status_message(std::string_view relay_name, std::string_view time) {
  constexpr std::string_view context("lethe/v1/demo-status\0", 21);
  std::vector<std::uint8_t> message(context.size() + relay_name.size() + 1 + time.size());
  auto at = std::copy(context.begin(), context.end(), message.begin());
  at = std::copy(relay_name.begin(), relay_name.end(), at);
  *at++ = 0;
  std::copy(time.begin(), time.end(), at);
  return message;
}

std::optional<Address> verify_status_proof(std::string_view field, std::string_view relay_name, Wall now) {
  if (!field.starts_with(scheme)) return std::nullopt;
  field.remove_prefix(scheme.size());
  const auto first = field.find('.');
  const auto second = first == field.npos ? field.npos : field.find('.', first + 1);
  if (second == field.npos) return std::nullopt;
  const std::string_view time = field.substr(first + 1, second - first - 1);
  const std::optional<Address> device = decode<Address>(field.substr(0, first));
  const std::optional<Signature> signature = decode<Signature>(field.substr(second + 1));
  if (!device || !signature || !fresh(time, now)) return std::nullopt;
  if (!verify(*device, status_message(relay_name, time), *signature)) return std::nullopt;
  return device;
}

}  // namespace lethe::identity
