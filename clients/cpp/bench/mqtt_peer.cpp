// MQTT 3.1.1 over WebSocket, as a client that must not lose anything uses it: quality of service 1, a session that outlives the
// connection. A device is the topic d/NUMBER.
#include <stdexcept>

#include "bench/peer.hpp"

namespace lethe::bench {
namespace {

void append_text(Bytes& out, std::string_view text) {
  append_number(out, static_cast<std::uint16_t>(text.size()));
  append(out, text);
}

// Section 2.2.3: seven bits a byte, the lowest first.
void append_length(Bytes& out, std::size_t length) {
  do {
    const auto byte = static_cast<std::uint8_t>(length & 127);
    length >>= 7;
    out.push_back(length > 0 ? byte | 128 : byte);
  } while (length > 0);
}

std::string topic_of(std::size_t device) { return "d/" + std::to_string(device); }

class MqttPeer final : public Peer {
 public:
  MqttPeer(const Server& server, std::size_t number, Purpose purpose) : Peer{{server.host, server.port, "/mqtt", "mqtt"}, number} {
    Bytes body;
    append_text(body, "MQTT");
    append(body, Bytes{4, 0, 0, 0});   // level, flags: the session stays; no keep-alive
    append_text(body, (purpose == Purpose::receive ? "r" : "s") + std::to_string(number));
    begin(0x10, body.size());
    append(batch_, body);
    send();
    wait_for(0x20);
    // What waited for an older session may be there already.
    if (purpose == Purpose::receive && !resumed_) subscribe(number);
    link_.go_non_blocking();
  }

  void post(std::size_t to, View payload) override {
    const std::string topic = topic_of(to);
    begin(0x32, 2 + topic.size() + 2 + payload.size());
    append_text(batch_, topic);
    append_number(batch_, next_packet());
    append(batch_, payload);
  }

  unsigned read(const OnMessage& on_message) override {
    unsigned taken = 0;
    Bytes answers;
    const auto take = [&](std::uint8_t kind, View body) {
      if ((kind & 0xf0) == 0x40) ++taken;
      if ((kind & 0xf0) != 0x30) return true;
      const std::size_t topic = read_number<std::uint16_t>(body.data());
      on_message(body.subspan(2 + topic + 2));
      append(answers, Bytes{0x40, 2});
      append(answers, body.subspan(2 + topic, 2));
      return true;
    };
    take_packets(take);   // what came behind the answer to CONNECT
    link_.read([&](Link::Opcode, View frame) {
      append(in_, frame);
      take_packets(take);
    });
    if (!answers.empty()) link_.write(Link::Opcode::binary, answers);
    return taken;
  }

 private:
  void begin(std::uint8_t kind, std::size_t length) {
    batch_.push_back(kind);
    append_length(batch_, length);
  }

  void subscribe(std::size_t number) {
    const std::string topic = topic_of(number);
    begin(0x82, 2 + 2 + topic.size() + 1);
    append_number(batch_, next_packet());
    append_text(batch_, topic);
    batch_.push_back(1);
    send();
    wait_for(0x90);
  }

  std::uint16_t next_packet() {
    if (++packet_ == 0) ++packet_;
    return packet_;
  }

  // A frame may hold several packets or a part of one. Until `take` returns false: the rest stays.
  template <class Take>
  void take_packets(const Take& take) {
    std::size_t at = 0;
    for (bool more = true; more;) {
      std::size_t length = 0;
      std::size_t head = 1;
      unsigned shift = 0;
      bool whole = false;
      while (at + head < in_.size() && !whole) {
        const std::uint8_t byte = in_[at + head++];
        length |= static_cast<std::size_t>(byte & 127) << shift;
        shift += 7;
        whole = (byte & 128) == 0;
      }
      if (!whole || in_.size() - at < head + length) break;
      more = take(in_[at], View{in_}.subspan(at + head, length));
      at += head + length;
    }
    in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(at));
  }

  void wait_for(std::uint8_t kind) {
    for (bool heard = false; !heard;) {
      link_.read([&](Link::Opcode, View frame) {
        append(in_, frame);
        take_packets([&](std::uint8_t got, View body) {
          heard = got == kind;
          if (got == 0x20 && body[1] != 0) throw std::runtime_error{"the broker refused the session"};
          if (got == 0x20) resumed_ = (body[0] & 1) != 0;
          return !heard;
        });
      });
    }
  }

  Bytes in_;
  std::uint16_t packet_ = 0;
  bool resumed_ = false;   // the broker has kept the session
};

}  // namespace

std::unique_ptr<Peer> connect_mqtt(const Server& server, std::size_t number, Purpose purpose) {
  return std::make_unique<MqttPeer>(server, number, purpose);
}

}  // namespace lethe::bench
