#include "ops/endpoint.hpp"

#include <arpa/inet.h>

#include <charconv>

namespace lethe::ops {
namespace {

bool parses_as(int family, std::string_view text) {
  in6_addr space;   // large enough for either
  return inet_pton(family, std::string{text}.c_str(), &space) == 1;
}

// Digits only, at most `max`: no sign, no space, nothing behind.
std::optional<unsigned> parse_number(std::string_view text, unsigned max) {
  unsigned number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size() || number > max) return std::nullopt;
  return number;
}

}  // namespace

bool is_address(std::string_view text) {
  // inet_pton would stop at a zero byte.
  if (text.find('\0') != text.npos) return false;
  return parses_as(AF_INET, text) || parses_as(AF_INET6, text);
}

bool is_network(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == text.npos) return is_address(text);
  const auto address = text.substr(0, slash);
  if (!is_address(address)) return false;
  const unsigned bits = address.find(':') == address.npos ? 32 : 128;
  return parse_number(text.substr(slash + 1), bits).has_value();
}

std::optional<Endpoint> parse_endpoint(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == text.npos) return std::nullopt;
  auto host = text.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  const bool v6 = host.find(':') != host.npos;
  const auto port = parse_number(text.substr(colon + 1), 65'535);
  if (v6 != bracketed || !is_address(host) || !port) return std::nullopt;
  return Endpoint{std::string{host}, static_cast<std::uint16_t>(*port)};
}

std::string to_string(const Endpoint& endpoint) {
  const bool v6 = endpoint.address.find(':') != std::string::npos;
  const auto port = std::to_string(endpoint.port);
  return v6 ? "[" + endpoint.address + "]:" + port : endpoint.address + ":" + port;
}

}  // namespace lethe::ops
