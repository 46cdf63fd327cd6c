#pragma once
// A WebSocket connection over TLS, non-blocking and by hand, as cheap as can be, so that the server is what is measured. The
// same for every protocol that is compared. Single-threaded.
#include <openssl/types.h>

#include <functional>
#include <string>

#include "bench/bytes.hpp"

namespace lethe::bench {

// Where a server listens, and how its WebSocket is asked for.
struct Target {
  std::string host = "localhost";   // of the Host field; the connection goes to 127.0.0.1
  std::uint16_t port = 0;
  std::string path = "/v1";
  std::string subprotocol;          // empty: none is asked for
};

// A client's TLS settings, shared by all connections of a thread; lives as long as the program.
SSL_CTX* client_context();

// 127.1.x.y: a source address for each thousand connections, since a server limits them by source and ports run out.
std::string source_of(std::size_t connection);

class Link {
 public:
  enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };
  using OnFrame = std::function<void(Opcode, View)>;

  // Connects, shakes hands and upgrades, waiting for each. Throws std::runtime_error.
  Link(const Target& target, const std::string& source);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  int socket() const noexcept { return socket_; }
  // From here on nothing waits.
  void go_non_blocking();
  // Hands over every frame that has come; pings are answered. Throws when the server hung up. While waiting: until one came.
  void read(const OnFrame& on_frame);
  // Frames it and sends what the socket takes; the rest goes with the next `flush`.
  void write(Opcode opcode, View payload);
  // Whether all has gone.
  bool flush();

 private:
  void shake_hands(const Target& target);
  bool fill();
  bool next_frame(Opcode& opcode, View& payload);

  int socket_ = -1;
  SSL* ssl_ = nullptr;
  bool waits_ = true;
  Bytes in_;
  std::size_t in_begin_ = 0;
  std::size_t in_end_ = 0;
  Bytes out_;
  std::size_t out_sent_ = 0;
};

}  // namespace lethe::bench
