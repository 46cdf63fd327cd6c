#pragma once
// One client of a server under load, whatever it speaks. Single-threaded; made blocking, used without waiting.
#include <memory>
#include <string_view>

#include "bench/link.hpp"

namespace lethe::bench {

enum class Protocol : std::uint8_t { lethe_binary, lethe_json, mqtt, nats, jetstream };
std::string_view name(Protocol protocol) noexcept;
inline constexpr std::size_t protocol_count = 5;

struct Server {
  Protocol protocol = Protocol::lethe_binary;
  std::string host = "localhost";   // the relay's name, which devices sign (Lethe)
  std::uint16_t port = 0;
};

class Peer {
 public:
  using OnMessage = std::function<void(View payload)>;

  explicit Peer(const Target& target, std::size_t connection) : link_{target, source_of(connection)} {}
  virtual ~Peer() = default;

  int socket() const noexcept { return link_.socket(); }
  bool flush() { return link_.flush(); }
  // Puts a message for device `to` into the next batch, with what the protocol has against loss.
  virtual void post(std::size_t to, View payload) = 0;
  // The same message for several devices: as one where the protocol can.
  virtual void post_to_all(std::span<const std::size_t> to, View payload) {
    for (const std::size_t one : to) post(one, payload);
  }
  // Sends the batch as one WebSocket message.
  void send() {
    if (batch_.empty()) return;
    link_.write(opcode_, batch_);
    batch_.clear();
  }
  // Reads what has come, hands over the messages and then acknowledges them in one go. How many of this peer's own messages
  // the server has taken, or refused: those are counted in `refused`.
  virtual unsigned read(const OnMessage& on_message) = 0;

  std::uint64_t refused = 0;
  std::size_t tag = 0;   // the workload's

 protected:
  Link link_;
  Bytes batch_;
  Link::Opcode opcode_ = Link::Opcode::binary;
};

// What a peer is there for: servers differ in what a sender or a receiver has to set up.
enum class Purpose : std::uint8_t { send, receive };

// Device `number`, authenticated and ready. Throws std::runtime_error. Devices are told apart by their numbers alone.
std::unique_ptr<Peer> connect(const Server& server, std::size_t number, Purpose purpose);
// Devices with these numbers, connected at the same time: a server that is otherwise idle may take its time for each
// (Mosquitto looks at its WebSockets ten times a second).
std::vector<std::unique_ptr<Peer>> connect_all(const Server& server, std::span<const std::size_t> numbers, Purpose purpose);
// The mailboxes of `count` devices from `first` on become known to the server, as if they had been there once; each was written
// to once, by a sender whose right to do so the server has seen. Nothing waits in them afterwards.
void introduce(const Server& server, std::size_t first, std::size_t count);
// Once, before the first peer: what a server has to be told (a stream).
void prepare(const Server& server);

// The protocols' own, for `connect` and `prepare`.
std::unique_ptr<Peer> connect_lethe(const Server& server, std::size_t number);
std::unique_ptr<Peer> connect_mqtt(const Server& server, std::size_t number, Purpose purpose);
std::unique_ptr<Peer> connect_nats(const Server& server, std::size_t number, Purpose purpose);
void make_stream(const Server& server);
void introduce_lethe(const Server& server, std::size_t first, std::size_t count);
void introduce_jetstream(const Server& server, std::size_t first, std::size_t count);

}  // namespace lethe::bench
