#include "net/admin.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <stdexcept>

#include "net/inherited_socket.hpp"

namespace lethe::net {
namespace {

constexpr std::size_t header_limit = 8'192;
constexpr std::string_view text = "text/plain; charset=utf-8";

Response page(unsigned status, std::string body, std::string_view type) {
  Response response{static_cast<http::status>(status), 11};
  response.set(http::field::content_type, boost::beast::string_view{type.data(), type.size()});
  response.set(http::field::cache_control, "no-store");
  response.body() = std::move(body);
  response.keep_alive(false);
  response.prepare_payload();
  return response;
}

constexpr unsigned status_of(Readiness readiness) { return readiness == Readiness::draining ? 503 : 200; }
std::string line_of(Readiness readiness) { return std::string{name(readiness)} + "\n"; }

}  // namespace

std::string_view name(Readiness readiness) noexcept {
  switch (readiness) {
    case Readiness::ready: return "ready";
    case Readiness::degraded: return "degraded";
    case Readiness::draining: break;
  }
  return "draining";
}

Response answer_admin(const Request& request, const AdminPages& pages) {
  if (request.method() != http::verb::get) return page(405, "Only GET is answered here.\n", text);
  const std::string_view target{request.target().data(), request.target().size()};
  if (target == "/healthz") return page(200, "ok\n", text);
  if (target == "/readyz") {
    const Readiness readiness = pages.readiness();
    return page(status_of(readiness), line_of(readiness), text);
  }
  if (target == "/metrics") return page(200, pages.metrics(), "text/plain; version=0.0.4; charset=utf-8");
  return page(404, "There is nothing here.\n", text);
}

std::optional<Readiness> readiness_of(const Response& page) {
  for (const Readiness one : {Readiness::ready, Readiness::degraded, Readiness::draining}) {
    if (page.result_int() == status_of(one) && page.body() == line_of(one)) return one;
  }
  return std::nullopt;
}

std::uint16_t Admin::listen(const std::string& address, std::uint16_t port, int inherited) {
  error_code error;
  const auto parsed = asio::ip::make_address(address, error);
  if (error) throw std::runtime_error{"admin: the address must be numeric"};
  const tcp::endpoint endpoint{parsed, port};
  if (assign_inherited(acceptor_, endpoint, inherited)) return acceptor_.local_endpoint().port();
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(asio::socket_base::reuse_address{true}, error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) throw std::runtime_error{"admin: port " + std::to_string(port) + " can't be had: " + error.message()};
  return acceptor_.local_endpoint().port();
}

void Admin::serve() {
  if (acceptor_.is_open()) asio::co_spawn(front_, accept(*this), asio::detached);
}

void Admin::close() {
  error_code ignored;
  acceptor_.close(ignored);
}

Task<void> Admin::accept(Admin& admin) {
  for (;;) {
    auto accepted = co_await admin.acceptor_.async_accept(use_task);
    if (!admin.acceptor_.is_open()) co_return;
    if (std::get<0>(accepted)) {
      SteadyTimer pause{admin.front_};
      pause.expires_after(std::chrono::milliseconds{100});
      co_await pause.async_wait(use_task);
      continue;
    }
    const auto visit = std::make_shared<Visit>(std::move(std::get<1>(accepted)));
    visit->deadline.expires_after(patience);
    asio::co_spawn(admin.front_, limit(visit), asio::detached);
    asio::co_spawn(admin.front_, serve(admin, visit), asio::detached);
  }
}

Task<void> Admin::limit(std::shared_ptr<Visit> visit) {
  auto waited = co_await visit->deadline.async_wait(use_task);
  error_code ignored;
  if (!std::get<0>(waited)) visit->socket.close(ignored);
}

Task<void> Admin::serve(Admin& admin, std::shared_ptr<Visit> visit) {
  boost::beast::flat_buffer buffer{header_limit + 1'024};
  http::request_parser<http::empty_body> parser;
  parser.header_limit(header_limit);
  parser.body_limit(0);
  auto got = co_await http::async_read(visit->socket, buffer, parser, use_task);
  const std::optional<Refused> refused = refusal_of(std::get<0>(got));
  if (std::get<0>(got) && !refused) {
    visit->deadline.cancel();
    co_return;
  }
  const Response response = refused ? respond(*refused) : answer_admin(parser.get(), admin.pages_);
  co_await http::async_write(visit->socket, response, use_task);
  error_code ignored;
  visit->socket.shutdown(Socket::shutdown_send, ignored);
  visit->deadline.cancel();
}

}  // namespace lethe::net
