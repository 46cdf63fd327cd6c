#pragma once
// One TLS connection to 127.0.0.1 as an examiner wants it: OpenSSL on a non-blocking socket, deadlines on everything, and
// bytes that are read only when the caller reads.
#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <openssl/ssl.h>

namespace lethe::peer {

// For whatever has to happen at all: never a measure of speed, so generous.
inline constexpr std::chrono::seconds patience{60};

using TlsSession = std::shared_ptr<SSL_SESSION>;

struct TlsSettings {
  int highest = 0;                     // TLS1_2_VERSION, …; 0: whatever OpenSSL speaks
  TlsSession resume = {};              // from an earlier connection
  int receive_buffer = 0;              // SO_RCVBUF; 0: the system's
  int largest_segment = 0;             // TCP_MAXSEG, which also bounds what the relay's kernel buffers; 0: the system's
  std::uint32_t source = 0;            // IPv4 address that it connects from, as a number: 0x7f000001; 0: whichever
  // Hears what crosses the socket in either direction after the handshake, encrypted, a read or write at a time.
  std::function<void(std::span<const std::uint8_t>)> tap = {};
  // Hears each secret of the connection as it is agreed on: those of the SSLKEYLOGFILE format, as bytes.
  std::function<void(std::span<const std::uint8_t>)> secrets = {};
};

class TlsClient {
 public:
  // Connects and shakes hands. Throws std::runtime_error where either fails.
  explicit TlsClient(std::uint16_t port, const TlsSettings& settings = {});
  ~TlsClient();
  TlsClient(TlsClient&& other) noexcept;
  TlsClient& operator=(TlsClient&&) = delete;

  // Writes all of it; false where the relay has gone or doesn't take it within `limit`.
  bool write(std::span<const std::uint8_t> bytes, std::chrono::milliseconds limit = patience);
  bool write(std::string_view text);
  // Up to 16 KiB that have come; empty at the end of the connection. Throws where nothing comes within `limit`.
  std::string read(std::chrono::milliseconds limit = patience);
  // Everything until the end of the connection.
  std::string read_all();
  // Ends the connection without a word, as a killed process does.
  void drop() noexcept;

  bool resumed() const;
  int version() const;
  // A session that a later connection can try to resume; to be asked after something was read.
  TlsSession session() const;
  // RFC 9266.
  std::array<std::uint8_t, 32> exporter() const;
  // SHA-256 of the relay's certificate, in hex.
  std::string fingerprint() const;

 private:
  using Tap = std::function<void(std::span<const std::uint8_t>)>;

  // Waits for what the last operation lacks; false after the deadline.
  bool await(int result, std::chrono::steady_clock::time_point end);
  void connect(std::uint16_t port, const TlsSettings& settings);
  static void hear_secret(const SSL* ssl, const char* line);
  static long overhear(BIO* bio, int operation, const char* bytes, std::size_t size, int, long, int result, std::size_t* done);

  int socket_ = -1;
  SSL_CTX* context_ = nullptr;
  SSL* ssl_ = nullptr;
  std::unique_ptr<Tap> tap_;           // OpenSSL has the address of either
  std::unique_ptr<Tap> secrets_;
};

// One HTTP exchange.
struct HttpReply {
  unsigned status = 0;                 // 0: the connection ended without an answer
  std::string head;                    // status line and fields, in lower case
  std::string body;

  bool has(std::string_view field) const { return !value(field).empty(); }
  std::string value(std::string_view field) const;   // by lower-case name; empty where absent
};
HttpReply parse_reply(const std::string& text);
// Sends the request as it stands and reads until the relay ends the connection.
HttpReply ask(std::uint16_t port, std::string_view request);
// The request of an upgrade at /v1, complete; `fields` are further lines, each with its CRLF.
std::string upgrade_request(std::string_view subprotocol, std::string_view fields = {});

}  // namespace lethe::peer
