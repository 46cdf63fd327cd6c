#include <lethe/client/link.hpp>

#include <algorithm>
#include <charconv>

#include <lethe/client/base64url.hpp>

namespace lethe::client {

namespace {
constexpr std::string_view scheme = "lethe://";

bool is_host(std::string_view host) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':' || c == '_';
  };
  return !host.empty() && host.size() <= 255 && std::ranges::all_of(host, allowed);
}

// Cuts what follows the first `separator` off `text` and returns it; empty when there is none.
std::string_view cut_after(std::string_view& text, char separator) {
  const auto at = text.find(separator);
  if (at == std::string_view::npos) return {};
  const auto after = text.substr(at + 1);
  text = text.substr(0, at);
  return after;
}

Result<Endpoint> parse_endpoint(std::string_view text) {
  Endpoint endpoint;
  std::string_view host = text, port;
  bool has_port = false;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return Error::bad_link;
    host = text.substr(1, end - 1);
    auto rest = text.substr(end + 1);
    if (!rest.empty() && rest.front() != ':') return Error::bad_link;
    has_port = !rest.empty();
    port = has_port ? rest.substr(1) : rest;
  } else if (const auto colon = text.find(':'); colon != std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
    has_port = true;
    if (port.find(':') != std::string_view::npos) return Error::bad_link;
  }
  if (!is_host(host)) return Error::bad_link;
  endpoint.host = host;
  if (!has_port) return endpoint;
  const auto [end, failure] = std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
  if (failure != std::errc{} || end != port.data() + port.size() || endpoint.port == 0) return Error::bad_link;
  return endpoint;
}

// `pin=…&name=…`; other parameters are ignored, so that later versions can add some.
error_code parse_parameters(std::string_view query, std::optional<Fingerprint>& pin, std::string& name) {
  while (!query.empty()) {
    const auto rest = cut_after(query, '&');
    const auto value = cut_after(query, '=');
    if (query == "pin") {
      pin = fixed_from_base64url<Fingerprint>(value);
      if (!pin) return Error::bad_link;
    } else if (query == "name") {
      if (!is_host(value)) return Error::bad_link;
      name = value;
    }
    query = rest;
  }
  return {};
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}
}  // namespace

std::string format_endpoint(const Endpoint& endpoint) {
  const bool v6 = endpoint.host.find(':') != std::string::npos;
  return (v6 ? "[" + endpoint.host + "]" : endpoint.host) + ":" + std::to_string(endpoint.port);
}

Result<Link> parse_link(std::string_view text) {
  if (!text.starts_with(scheme)) return Error::bad_link;
  text.remove_prefix(scheme.size());
  const auto invite = cut_after(text, '#');
  const auto query = cut_after(text, '?');
  const auto address = cut_after(text, '/');
  const auto relay = parse_endpoint(text);
  const auto device = fixed_from_base64url<Address>(address);
  if (!relay || !device) return Error::bad_link;
  Link link;
  link.relay = *relay;
  link.address = *device;
  if (const auto failure = parse_parameters(query, link.pin, link.relay_name)) return failure;
  if (invite.empty()) return link;
  const auto bytes = from_base64url(invite);
  if (!bytes || !read_invite(*bytes)) return Error::bad_link;
  std::ranges::copy(*bytes, link.invite.emplace().begin());
  return link;
}

std::string format_link(const Link& link) {
  std::string text(scheme);
  text += format_endpoint(link.relay) + "/" + to_base64url(link.address.bytes);
  if (link.pin) text += "?pin=" + to_base64url(link.pin->bytes);
  if (!link.relay_name.empty()) text += (link.pin ? "&name=" : "?name=") + link.relay_name;
  if (link.invite) text += "#" + to_base64url(*link.invite);
  return text;
}

Result<RelayReference> parse_relay(std::string_view text) {
  if (text.starts_with(scheme)) text.remove_prefix(scheme.size());
  cut_after(text, '#');
  const auto query = cut_after(text, '?');
  cut_after(text, '/');
  const auto endpoint = parse_endpoint(text);
  if (!endpoint) return endpoint.error();
  RelayReference reference;
  reference.relay = *endpoint;
  if (const auto failure = parse_parameters(query, reference.pin, reference.relay_name)) return failure;
  return reference;
}

Result<Fingerprint> parse_fingerprint(std::string_view text) {
  if (const auto value = fixed_from_base64url<Fingerprint>(text)) return *value;
  Bytes bytes;
  int high = -1;
  for (const char c : text) {
    if (c == ':') continue;
    const int digit = hex_value(c);
    if (digit < 0) return Error::bad_link;
    if (high < 0) {
      high = digit;
      continue;
    }
    bytes.push_back(static_cast<std::uint8_t>(high * 16 + digit));
    high = -1;
  }
  if (high >= 0 || bytes.size() != Fingerprint::size) return Error::bad_link;
  return Fingerprint::from(bytes);
}

}  // namespace lethe::client
