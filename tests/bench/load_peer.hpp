#pragma once
// One client connection of the load program: TLS, WebSocket and the binary protocol by hand, non-blocking, as cheap as can
// be, so that the relay is what is measured. Single-threaded.
#include <openssl/types.h>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace lethe::bench {

using Bytes = std::vector<std::uint8_t>;

// An Ed25519 key from a number.
class DeviceKey {
 public:
  explicit DeviceKey(std::uint64_t seed);
  ~DeviceKey();
  DeviceKey(DeviceKey&& other) noexcept;
  const std::array<std::uint8_t, 32>& address() const noexcept { return address_; }
  std::array<std::uint8_t, 64> sign(std::span<const std::uint8_t> message) const;
  // An invite without caps that never expires (92 bytes).
  std::array<std::uint8_t, 92> invite() const;

 private:
  EVP_PKEY* key_ = nullptr;
  std::array<std::uint8_t, 32> address_{};
};

// Appends one `send` record with its length; returns where its 16-byte id begins in `out`.
std::size_t append_send(Bytes& out, std::uint64_t number, std::span<const std::uint8_t> to, std::span<const std::uint8_t> invite,
                        std::span<const std::uint8_t> payload);
void append_ack(Bytes& out, std::uint64_t up_to);

class LoadPeer {
 public:
  // Called for each record that comes in: its kind and what follows.
  using OnRecord = std::function<void(LoadPeer&, std::uint8_t, std::span<const std::uint8_t>)>;

  // Connects, upgrades, authenticates and waits for `caught_up`; blocking. Throws std::runtime_error.
  LoadPeer(std::uint16_t port, const std::string& relay, SSL_CTX* context, const DeviceKey& key, const std::string& source);
  ~LoadPeer();
  LoadPeer(const LoadPeer&) = delete;
  LoadPeer& operator=(const LoadPeer&) = delete;

  int socket() const noexcept { return socket_; }
  // Reads all there is and hands over its records. Throws when the relay hung up.
  void readable(const OnRecord& on_record);
  // Sends `records` as one binary WebSocket message (what the socket doesn't take waits) and empties it.
  void send(Bytes& records);
  bool flush();
  std::uint64_t tag = 0;   // the caller's

 private:
  void handshake(const std::string& host, std::uint16_t port);
  void authenticate(const std::string& relay, const DeviceKey& key);
  std::string wait_for_text(const std::string& containing);
  bool fill();
  bool next_frame(std::uint8_t& opcode, std::span<const std::uint8_t>& payload);
  void write_frame(std::uint8_t opcode, std::span<const std::uint8_t> payload);
  void compact();

  int socket_ = -1;
  SSL* ssl_ = nullptr;
  Bytes in_;
  std::size_t in_begin_ = 0;
  std::size_t in_end_ = 0;
  Bytes out_;
  std::size_t out_sent_ = 0;
};

}  // namespace lethe::bench
