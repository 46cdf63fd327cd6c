#include "client/fetch.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "client/tls.hpp"

namespace lethe::client {

namespace {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

constexpr std::size_t largest_body = 1'048'576;

// Runs one asynchronous operation after the other to its end, or to the common deadline.
class Steps {
 public:
  explicit Steps(milliseconds patience) : deadline_(std::chrono::steady_clock::now() + patience) {}

  asio::io_context& io() { return io_; }

  // `start` begins an operation with the completion that it is given.
  template <class Start>
  error_code run(Start start) {
    error_code result = asio::error::timed_out;
    start([&result](error_code error, const auto&...) { result = error; });
    io_.restart();
    io_.run_until(deadline_);
    return result;
  }

 private:
  asio::io_context io_;
  std::chrono::steady_clock::time_point deadline_;
};

template <class Stream>
Result<Page> exchange(Steps& steps, Stream& stream, const Endpoint& relay, const std::string& path) {
  http::request<http::empty_body> request(http::verb::get, path, 11);
  request.set(http::field::host, format_endpoint(relay));
  request.set(http::field::connection, "close");
  if (const auto error = steps.run([&](auto done) { http::async_write(stream, request, done); })) return error;
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(largest_body);
  if (const auto error = steps.run([&](auto done) { http::async_read(stream, buffer, parser, done); })) return error;
  return Page{parser.get().result_int(), parser.get().body()};
}
}  // namespace

Result<Page> fetch_page(const Endpoint& relay, const Trust& trust, const std::string& path, milliseconds patience) {
  TlsSettings tls(trust);
  Steps steps(patience);
  tcp::resolver resolver(steps.io());
  tcp::resolver::results_type found;
  const auto resolved = steps.run([&](auto done) {
    resolver.async_resolve(relay.host, std::to_string(relay.port), [&found, done](error_code error, const auto& results) {
      found = results;
      done(error);
    });
  });
  if (resolved) return resolved;
  asio::ssl::stream<tcp::socket> stream(steps.io(), tls.context());
  const auto connected = steps.run([&](auto done) { asio::async_connect(stream.next_layer(), found, done); });
  if (connected) return connected;
  if (trust.plain) return exchange(steps, stream.next_layer(), relay, path);
  auto* const ssl = stream.native_handle();
  tls.prepare(ssl, relay.host);
  const auto shaken = steps.run([&](auto done) { stream.async_handshake(asio::ssl::stream_base::client, done); });
  if (shaken) return explain_handshake(ssl, shaken);
  if (const auto mismatch = tls.check_pin(ssl)) return mismatch;
  return exchange(steps, stream, relay, path);
}

}  // namespace lethe::client
