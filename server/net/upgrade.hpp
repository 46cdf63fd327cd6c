#pragma once
// What an HTTP request on the relay's port leads to: a WebSocket session, the page /.well-known/lethe, one of the demo's
// answers, or a refusal with a plain sentence. Pure. Source: docs/protocol.md, «Transport» and «Beside the WebSocket».
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <lethe/base/result.hpp>
#include <lethe/base/time.hpp>
#include <lethe/wire/messages.hpp>

namespace lethe::net {

struct DemoFile;
namespace http = boost::beast::http;
using Request = http::request<http::empty_body>;
using Response = http::response<http::string_body>;

struct UpgradePolicy {
  std::vector<std::string> allowed_origins = {"*"};   // «*», or exact origins; empty: none, or the Host's own
  bool demo = false;                                  // the demo page is served, and may connect from the Host's own origin
};

struct Refused {
  unsigned status = 400;
  std::string_view sentence;
  seconds retry_after{0};     // 0: no Retry-After
};

struct UpgradeDecision {
  enum class Kind { websocket, well_known, demo_file, demo_status, refused } kind = Kind::refused;
  wire::Encoding encoding = wire::Encoding::json;
  const DemoFile* file = nullptr;
  Refused refused;

  bool demo() const noexcept { return kind == Kind::demo_file || kind == Kind::demo_status; }
};

inline constexpr std::string_view json_subprotocol = "lethe.v1.json";
inline constexpr std::string_view binary_subprotocol = "lethe.v1.binary";
constexpr std::string_view subprotocol(wire::Encoding encoding) {
  return encoding == wire::Encoding::json ? json_subprotocol : binary_subprotocol;
}

// Judges a request whose headers have been read whole.
UpgradeDecision decide(const Request& request, const UpgradePolicy& policy);
// The refusal for a request that could not be read; absent where the connection is simply gone.
std::optional<Refused> refusal_of(const error_code& read_error);

// A response that ends the connection.
Response respond(const Refused& refused);
Response respond(std::string json_page, bool head);

}  // namespace lethe::net
