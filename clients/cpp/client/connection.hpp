#pragma once
// One WebSocket connection to a relay, from dialling to its end. The templates of Beast and of TLS are instantiated in
// connection.cpp only.
#include <functional>
#include <memory>

#include <boost/asio/io_context.hpp>

#include <lethe/client/error.hpp>
#include <lethe/client/options.hpp>

namespace lethe::client {

struct Frame {
  bool binary = false;
  Bytes bytes;
};

// Why a connection ended.
struct ConnectionEnd {
  error_code error;
  std::optional<seconds> retry_after;  // of the HTTP answer that refused the upgrade
  unsigned http_status = 0;            // of that answer; 0 if there was none
  unsigned close_code = 0;             // of the WebSocket close frame; 0 if there was none
};

class Connection {
 public:
  // Called on the io_context's thread, never from within a method of Connection. `frame` gets bytes that are valid and
  // wiped only during and after the call. `ended` comes once and last, unless abandon() came before.
  struct Events {
    std::function<void()> opened;
    std::function<void(bool binary, ByteView bytes)> frame;
    std::function<void(const ConnectionEnd&)> ended;
  };

  virtual ~Connection() = default;

  // Queues a WebSocket message; they leave in order, each overwritten after it was written.
  virtual void write(Frame frame) = 0;
  // Bytes queued and not yet written.
  virtual std::size_t pending() const = 0;
  // Closes politely after the queue is written; `ended` follows at the latest after a few seconds.
  virtual void close() = 0;
  // Cuts the connection now. No event comes any more.
  virtual void abandon() = 0;
  // RFC 9266's channel binding; nothing without TLS or before `opened`.
  virtual std::optional<std::array<std::uint8_t, 32>> exporter() = 0;
};

// The TLS side of Trust, shared by the connections of one client.
class TlsSettings;
// Throws boost::system::system_error when the CA file can't be read.
std::shared_ptr<TlsSettings> make_tls_settings(const Trust& trust);

// Starts dialling. The connection keeps itself alive until it ended.
std::shared_ptr<Connection> dial(boost::asio::io_context& io, std::shared_ptr<TlsSettings> tls, const Options& options,
                                 Connection::Events events);

}  // namespace lethe::client
