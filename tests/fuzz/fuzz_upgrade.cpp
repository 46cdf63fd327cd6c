// The HTTP request before a session: Beast's parser with the relay's limits, then the relay's own judgement.
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>

#include "net/proxy_address.hpp"
#include "net/upgrade.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace lethe::net;
  static const UpgradePolicy own_host{.allowed_origins = {}, .demo = true};
  static const TrustedProxies proxies{{"127.0.0.0/8", "::1"}};
  http::request_parser<http::empty_body> parser;
  parser.header_limit(8'192);
  parser.body_limit(0);
  parser.eager(true);
  lethe::error_code error;
  parser.put(boost::asio::const_buffer{bytes, size}, error);
  if (error) {
    if (const auto refused = refusal_of(error)) (void)respond(*refused);
    return 0;
  }
  if (!parser.is_header_done()) return 0;
  const Request request = parser.release();
  const UpgradeDecision decision = decide(request, own_host);
  if (decision.kind == UpgradeDecision::Kind::refused) (void)respond(decision.refused);
  const auto forwarded = request["X-Forwarded-For"];
  (void)proxies.client(boost::asio::ip::make_address("127.0.0.1"), {forwarded.data(), forwarded.size()});
  return 0;
}
