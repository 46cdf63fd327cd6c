#include "client/connection.hpp"

#include <charconv>
#include <deque>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include "client/tls.hpp"

namespace lethe::client {

namespace {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;

using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

constexpr std::size_t largest_frame = 4'194'304;  // the relay batches up to 64 KiB; room for larger payload limits
constexpr seconds close_patience{3};

std::string_view subprotocol(Encoding encoding) {
  return encoding == Encoding::binary ? "lethe.v1.binary" : "lethe.v1.json";
}

std::optional<seconds> retry_after_of(const websocket::response_type& response) {
  const auto field = response[http::field::retry_after];
  std::uint32_t value = 0;
  const auto [end, failure] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (field.empty() || failure != std::errc{} || end != field.data() + field.size()) return std::nullopt;
  return seconds(std::min(value, 86'400u));
}

// One read and at most one write are under way at a time. Every completion holds a reference to the connection.
template <class Stream>
class BasicConnection final : public Connection, public std::enable_shared_from_this<BasicConnection<Stream>> {
 public:
  template <class... StreamArguments>
  BasicConnection(asio::io_context& io, std::shared_ptr<TlsSettings> tls, const Options& options, Events events,
                  StreamArguments&... stream_arguments)
      : tls_(std::move(tls)), relay_(options.relay), encoding_(options.encoding), connect_timeout_(options.connect_timeout),
        idle_(options.idle), events_(std::move(events)), resolver_(io), stream_(io, stream_arguments...) {}

  void open() {
    resolver_.async_resolve(relay_.host, std::to_string(relay_.port), [self = self()](error_code error, const auto& found) {
      if (error) return self->end(error);
      self->lowest().expires_after(self->connect_timeout_);
      self->lowest().async_connect(found, [self](error_code failure, const auto&) { self->on_connected(failure); });
    });
  }

  void write(Frame frame) override {
    if (closing_ || ended_) return;
    pending_ += frame.bytes.size();
    queue_.push_back(std::move(frame));
    if (queue_.size() == 1) write_next();
  }

  std::size_t pending() const override { return pending_; }

  void close() override {
    if (closing_ || ended_) return;
    closing_ = true;
    // A relay that answers nothing must not hold the program: the socket is cut after a while.
    deadline_.emplace(resolver_.get_executor(), close_patience);
    deadline_->async_wait([self = self()](error_code error) {
      if (!error) self->end(asio::error::timed_out);
    });
    if (!stream_.is_open()) return end(asio::error::operation_aborted);
    if (queue_.empty()) close_now();
  }

  void abandon() override {
    events_ = {};
    end(asio::error::operation_aborted);
  }

  std::optional<std::array<std::uint8_t, 32>> exporter() override {
    if constexpr (is_tls) return tls_exporter(stream_.next_layer().native_handle());
    return std::nullopt;
  }

 private:
  static constexpr bool is_tls = std::is_same_v<Stream, TlsStream>;

  auto self() { return this->shared_from_this(); }
  beast::tcp_stream& lowest() { return beast::get_lowest_layer(stream_); }

  void on_connected(error_code error) {
    if (error) return end(error);
    lowest().socket().set_option(asio::ip::tcp::no_delay(true), error);
    if constexpr (is_tls) {
      auto* const ssl = stream_.next_layer().native_handle();
      tls_->prepare(ssl, relay_.host);
      stream_.next_layer().async_handshake(asio::ssl::stream_base::client, [self = self(), ssl](error_code failure) {
        if (failure) return self->end(explain_handshake(ssl, failure));
        if (const auto mismatch = self->tls_->check_pin(ssl)) return self->end(mismatch);
        self->upgrade();
      });
    } else {
      upgrade();
    }
  }

  void upgrade() {
    lowest().expires_never();
    stream_.set_option(websocket::stream_base::timeout{connect_timeout_, idle_, true});
    stream_.set_option(websocket::stream_base::decorator([encoding = encoding_](websocket::request_type& request) {
      request.set(http::field::sec_websocket_protocol, subprotocol(encoding));
    }));
    stream_.auto_fragment(false);
    stream_.read_message_max(largest_frame);
    stream_.async_handshake(response_, format_endpoint(relay_), "/v1", [self = self()](error_code error) {
      self->on_upgraded(error);
    });
  }

  void on_upgraded(error_code error) {
    if (error) {
      const auto status = response_.result_int();
      if (error != websocket::error::upgrade_declined) return end(error);
      return end({Error::upgrade_refused, retry_after_of(response_), status, 0});
    }
    if (response_[http::field::sec_websocket_protocol] != subprotocol(encoding_)) return end(Error::wrong_subprotocol);
    if (closing_) return close_now();
    read();
    const auto on_opened = events_.opened;  // a copy: the call may abandon the connection
    if (on_opened) on_opened();
  }

  void read() {
    stream_.async_read(input_, [self = self()](error_code error, std::size_t) {
      if (error) return self->end({error, std::nullopt, 0, static_cast<unsigned>(self->stream_.reason().code)});
      const auto bytes = self->input_.data();
      const auto on_frame = self->events_.frame;  // a copy: the call may abandon the connection
      if (on_frame) on_frame(self->stream_.got_binary(), {static_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
      self->input_.consume(self->input_.size());
      wipe_memory(self->input_.prepare(bytes.size()).data(), bytes.size());
      if (!self->ended_) self->read();
    });
  }

  void write_next() {
    stream_.binary(queue_.front().binary);
    stream_.async_write(asio::buffer(queue_.front().bytes), [self = self()](error_code error, std::size_t) {
      if (self->ended_) return;
      self->pending_ -= self->queue_.front().bytes.size();
      self->queue_.pop_front();
      if (error) return;  // the read fails too, and knows more
      if (!self->queue_.empty()) return self->write_next();
      if (self->closing_) self->close_now();
    });
  }

  void close_now() {
    stream_.async_close(websocket::close_code::normal, [self = self()](error_code) {
      self->end(asio::error::operation_aborted);
    });
  }

  void end(error_code error) { end(ConnectionEnd{error, std::nullopt, 0, 0}); }

  void end(const ConnectionEnd& reason) {
    if (ended_) return;
    ended_ = true;
    resolver_.cancel();
    deadline_.reset();
    error_code ignored;
    lowest().socket().close(ignored);
    const auto events = std::move(events_);
    events_ = {};
    if (!events.ended) return;
    asio::post(resolver_.get_executor(), [on_ended = events.ended, reason] { on_ended(reason); });
  }

  std::shared_ptr<TlsSettings> tls_;
  Endpoint relay_;
  Encoding encoding_;
  milliseconds connect_timeout_, idle_;
  Events events_;
  asio::ip::tcp::resolver resolver_;
  websocket::stream<Stream, false> stream_;
  websocket::response_type response_;
  beast::basic_flat_buffer<WipingAllocator<char>> input_;
  std::deque<Frame> queue_;
  std::optional<asio::steady_timer> deadline_;
  std::size_t pending_ = 0;
  bool closing_ = false;
  bool ended_ = false;
};
}  // namespace

std::shared_ptr<TlsSettings> make_tls_settings(const Trust& trust) { return std::make_shared<TlsSettings>(trust); }

std::shared_ptr<Connection> dial(asio::io_context& io, std::shared_ptr<TlsSettings> tls, const Options& options,
                                 Connection::Events events) {
  if (options.trust.plain) {
    auto plain = std::make_shared<BasicConnection<PlainStream>>(io, tls, options, std::move(events));
    plain->open();
    return plain;
  }
  auto& context = tls->context();
  auto secure = std::make_shared<BasicConnection<TlsStream>>(io, tls, options, std::move(events), context);
  secure->open();
  return secure;
}

}  // namespace lethe::client
