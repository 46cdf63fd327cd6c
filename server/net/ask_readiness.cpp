#include "net/ask_readiness.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

namespace lethe::net {
namespace {

constexpr std::size_t largest_page = 8'192;

error_code not_the_page() { return make_error_code(boost::system::errc::protocol_error); }

Task<void> ask(Socket& socket, tcp::endpoint relay, Result<Readiness>& answer) {
  auto connected = co_await socket.async_connect(relay, use_task);
  if (std::get<0>(connected)) {
    answer = std::get<0>(connected);
    co_return;
  }
  Request question{http::verb::get, "/readyz", 11};
  question.set(http::field::host, "localhost");
  question.set(http::field::connection, "close");
  auto asked = co_await http::async_write(socket, question, use_task);
  if (std::get<0>(asked)) {
    answer = std::get<0>(asked);
    co_return;
  }
  boost::beast::flat_buffer buffer{largest_page};
  Response page;
  auto heard = co_await http::async_read(socket, buffer, page, use_task);
  const std::optional<Readiness> said = std::get<0>(heard) ? std::nullopt : readiness_of(page);
  if (said) answer = *said;
  else answer = not_the_page();
}

}  // namespace

Result<Readiness> ask_readiness(const std::string& address, std::uint16_t port, std::chrono::milliseconds patience) {
  error_code error;
  const auto numeric = asio::ip::make_address(address, error);
  if (error) return error;
  const tcp::endpoint relay{numeric, port};
  asio::io_context context{1};
  Socket socket{context};
  Result<Readiness> answer{make_error_code(asio::error::timed_out)};   // until it is another
  asio::co_spawn(context, ask(socket, relay, answer), asio::detached);
  context.run_for(patience);
  return answer;
}

}  // namespace lethe::net
