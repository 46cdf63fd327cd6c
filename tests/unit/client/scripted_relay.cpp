#include "unit/client/scripted_relay.hpp"

#include <mutex>
#include <stdexcept>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <sys/socket.h>

namespace lethe::client::samples {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;

struct ScriptedRelay::Sockets {
  asio::io_context io;
  tcp::acceptor acceptor{io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  std::mutex mutex;
  int connection = -1;  // the one that the destructor cuts

  tcp::socket next() {
    auto socket = acceptor.accept();
    const std::lock_guard lock(mutex);
    connection = socket.native_handle();
    return socket;
  }
  void forget() {
    const std::lock_guard lock(mutex);
    connection = -1;
  }
};

namespace {
class WebSocketPeer final : public Peer {
 public:
  WebSocketPeer(tcp::socket socket, std::function<void()> on_end) : stream_(std::move(socket)), on_end_(std::move(on_end)) {
    beast::flat_buffer buffer;
    http::request<http::string_body> request;
    http::read(stream_.next_layer(), buffer, request);
    if (request.target() != "/v1") throw std::runtime_error("another target than /v1");
    const std::string offered(request[http::field::sec_websocket_protocol]);
    stream_.set_option(websocket::stream_base::decorator([offered](websocket::response_type& response) {
      response.set(http::field::sec_websocket_protocol, offered);
    }));
    stream_.accept(request);
  }
  ~WebSocketPeer() override { on_end_(); }

  void say(const nlohmann::json& message) override {
    const auto text = message.dump();
    stream_.text(true);
    stream_.write(asio::buffer(text));
  }
  void say(const Bytes& records) override {
    stream_.binary(true);
    stream_.write(asio::buffer(records));
  }
  nlohmann::json hear_json() override {
    const auto bytes = hear();
    if (!stream_.got_text()) throw std::runtime_error("expected a text message");
    return nlohmann::json::parse(bytes.begin(), bytes.end());
  }
  Bytes hear_records() override {
    const auto bytes = hear();
    if (stream_.got_text()) throw std::runtime_error("expected a binary message, got: " + std::string(as_text(bytes)));
    return bytes;
  }
  void close(unsigned code) override { stream_.close(websocket::close_code(code)); }
  bool client_is_gone() override {
    beast::flat_buffer buffer;
    beast::error_code error;
    stream_.read(buffer, error);
    return error.failed();
  }

 private:
  Bytes hear() {
    beast::flat_buffer buffer;
    stream_.read(buffer);
    const auto* const begin = static_cast<const std::uint8_t*>(buffer.data().data());
    return {begin, begin + buffer.size()};
  }

  websocket::stream<tcp::socket> stream_;
  std::function<void()> on_end_;
};
}  // namespace

ScriptedRelay::ScriptedRelay(Script script) : sockets_(std::make_unique<Sockets>()) {
  thread_ = std::thread([this, script = std::move(script)] {
    try {
      script(*this);
    } catch (const std::exception& error) {
      failure_ = error.what();
    }
    finished_ = true;
  });
}

ScriptedRelay::~ScriptedRelay() {
  ::shutdown(sockets_->acceptor.native_handle(), SHUT_RDWR);
  {
    const std::lock_guard lock(sockets_->mutex);
    if (sockets_->connection >= 0) ::shutdown(sockets_->connection, SHUT_RDWR);
  }
  thread_.join();
}

std::uint16_t ScriptedRelay::port() const { return sockets_->acceptor.local_endpoint().port(); }

std::unique_ptr<Peer> ScriptedRelay::accept() {
  return std::make_unique<WebSocketPeer>(sockets_->next(), [this] { sockets_->forget(); });
}

void ScriptedRelay::refuse(unsigned status, const std::string& retry_after) {
  auto socket = sockets_->next();
  beast::flat_buffer buffer;
  http::request<http::string_body> request;
  http::read(socket, buffer, request);
  http::response<http::string_body> response(http::status(status), 11);
  response.set(http::field::retry_after, retry_after);
  response.prepare_payload();
  http::write(socket, response);
  sockets_->forget();
}

}  // namespace lethe::client::samples
