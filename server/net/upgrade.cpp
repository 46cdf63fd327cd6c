#include "net/upgrade.hpp"

#include <algorithm>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <iterator>

#include "net/demo_files.hpp"

namespace lethe::net {
namespace {

constexpr std::string_view plain(boost::beast::string_view text) { return {text.data(), text.size()}; }

UpgradeDecision refuse(unsigned status, std::string_view sentence) {
  UpgradeDecision decision;
  decision.refused = {status, sentence, seconds{0}};
  return decision;
}

// Two of what stands once leave it to each reader which of them counts (RFC 9110, section 5.3).
bool given_once(const Request& request, http::field name) {
  const auto [first, last] = request.equal_range(name);
  return std::distance(first, last) <= 1;
}

// The Host's own origin, whatever the scheme in front of the relay is.
bool same_host(std::string_view origin, std::string_view host) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (origin.starts_with(scheme) && origin.substr(scheme.size()) == host) return !host.empty();
  }
  return false;
}

bool origin_allowed(const Request& request, const UpgradePolicy& policy) {
  const auto found = request.find(http::field::origin);
  if (found == request.end()) return true;
  const std::string_view origin = plain(found->value());
  const auto matches = [&](const std::string& allowed) { return allowed == "*" || allowed == origin; };
  if (std::any_of(policy.allowed_origins.begin(), policy.allowed_origins.end(), matches)) return true;
  return (policy.demo || policy.allowed_origins.empty()) && same_host(origin, plain(request[http::field::host]));
}

// The client's order of preference decides.
std::optional<wire::Encoding> offered_encoding(const Request& request) {
  for (const auto& field : request) {
    if (field.name() != http::field::sec_websocket_protocol) continue;
    for (const auto token : http::token_list{field.value()}) {
      if (plain(token) == json_subprotocol) return wire::Encoding::json;
      if (plain(token) == binary_subprotocol) return wire::Encoding::binary;
    }
  }
  return std::nullopt;
}

// 16 bytes in base64 (RFC 6455, section 4.2.1); what the last letter's unused bits hold is not asked.
bool valid_key(std::string_view key) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return key.size() == 24 && key.ends_with("==") && key.find_first_not_of(letters) == 22;
}

// The resource that the target names, in the absolute form as well (RFC 6455, section 4.2.1).
std::string_view path_of(std::string_view target) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (target.starts_with(scheme)) return target.substr(std::min(target.find('/', scheme.size()), target.size()));
  }
  return target;
}

bool has_body(const Request& request) {
  const auto length = request.find(http::field::content_length);
  return request.chunked() || request.find(http::field::transfer_encoding) != request.end() ||
         (length != request.end() && length->value() != "0");
}

UpgradeDecision decide_websocket(const Request& request, const UpgradePolicy& policy) {
  if (request.method() != http::verb::get) return refuse(405, "Only GET is answered here.");
  if (!boost::beast::websocket::is_upgrade(request)) return refuse(426, "This is a WebSocket endpoint: ask for an upgrade.");
  if (request[http::field::sec_websocket_version] != "13") return refuse(426, "WebSocket version 13 is needed.");
  for (const http::field name : {http::field::origin, http::field::sec_websocket_key, http::field::sec_websocket_version}) {
    if (!given_once(request, name)) return refuse(400, "A header that may stand once stands twice.");
  }
  if (!valid_key(plain(request[http::field::sec_websocket_key]))) return refuse(400, "The Sec-WebSocket-Key is missing or malformed.");
  if (!origin_allowed(request, policy)) return refuse(403, "This origin is not allowed.");
  const std::optional<wire::Encoding> encoding = offered_encoding(request);
  if (!encoding) return refuse(400, "Offer the WebSocket subprotocol lethe.v1.json or lethe.v1.binary.");
  UpgradeDecision decision;
  decision.kind = UpgradeDecision::Kind::websocket;
  decision.encoding = *encoding;
  return decision;
}

UpgradeDecision page_at(std::string_view target, const UpgradePolicy& policy) {
  UpgradeDecision decision;
  if (target == "/.well-known/lethe") {
    decision.kind = UpgradeDecision::Kind::well_known;
    return decision;
  }
  if (!policy.demo) return refuse(404, "There is nothing here.");
  if (target == demo_status_path) {
    decision.kind = UpgradeDecision::Kind::demo_status;
    return decision;
  }
  decision.file = find_demo_file(target);
  if (decision.file == nullptr) return refuse(404, "There is nothing here.");
  decision.kind = UpgradeDecision::Kind::demo_file;
  return decision;
}

}  // namespace

UpgradeDecision decide(const Request& request, const UpgradePolicy& policy) {
  if (request.version() != 11) return refuse(505, "HTTP/1.1 is needed.");
  if (request.find(http::field::host) == request.end()) return refuse(400, "The Host header is missing.");
  if (!given_once(request, http::field::host)) return refuse(400, "The Host header stands twice.");
  if (has_body(request)) return refuse(400, "A request with a body is not answered.");
  const std::string_view target = path_of(plain(request.target()));
  if (target == "/v1") return decide_websocket(request, policy);
  UpgradeDecision decision = page_at(target, policy);
  if (decision.kind == UpgradeDecision::Kind::refused) return decision;
  const bool head = request.method() == http::verb::head && decision.kind != UpgradeDecision::Kind::demo_status;
  if (request.method() != http::verb::get && !head) return refuse(405, "Only GET is answered here.");
  return decision;
}

std::optional<Refused> refusal_of(const error_code& read_error) {
  if (read_error == http::error::header_limit || read_error == http::error::buffer_overflow) {
    return Refused{431, "The request's headers are too large.", seconds{0}};
  }
  if (read_error == http::error::end_of_stream || read_error == http::error::partial_message) return std::nullopt;
  const bool readable_fault = read_error.category() == make_error_code(http::error::end_of_stream).category();
  if (!readable_fault) return std::nullopt;
  return Refused{400, "The request could not be understood.", seconds{0}};
}

Response respond(const Refused& refused) {
  Response response{static_cast<http::status>(refused.status), 11};
  response.set(http::field::content_type, "text/plain; charset=utf-8");
  response.set(http::field::cache_control, "no-store");
  if (refused.retry_after.count() > 0) response.set(http::field::retry_after, std::to_string(refused.retry_after.count()));
  if (refused.status == 426) {
    response.set(http::field::upgrade, "websocket");
    response.set(http::field::sec_websocket_version, "13");   // RFC 6455, section 4.4
  }
  if (refused.status == 401) response.set(http::field::www_authenticate, "Lethe-Demo");   // RFC 9110, section 15.5.2
  if (refused.status == 405) response.set(http::field::allow, "GET");
  response.body() = std::string{refused.sentence} + "\n";
  response.keep_alive(false);
  response.prepare_payload();
  return response;
}

Response respond(std::string json_page, bool head) {
  Response response{http::status::ok, 11};
  response.set(http::field::content_type, "application/json");
  response.set(http::field::cache_control, "no-store");
  response.set(http::field::access_control_allow_origin, "*");
  response.set("X-Content-Type-Options", "nosniff");
  response.keep_alive(false);
  response.content_length(json_page.size());
  if (!head) response.body() = std::move(json_page);
  return response;
}

}  // namespace lethe::net
