// NATS over WebSocket: as it is (nothing is kept), and with JetStream, where a stream in memory keeps each message until its
// recipient's consumer has acknowledged it. A device is the subject d.NUMBER.
#include <array>
#include <charconv>
#include <mutex>
#include <stdexcept>
#include <unordered_set>

#include "bench/peer.hpp"

namespace lethe::bench {
namespace {

std::string subject_of(std::size_t device) { return "d." + std::to_string(device); }
std::string delivery_of(std::size_t device) { return "dl." + std::to_string(device); }

class NatsPeer final : public Peer {
 public:
  NatsPeer(const Server& server, std::size_t number, Purpose purpose)
      : Peer{{server.host, server.port, "/", ""}, number}, keeps_{server.protocol == Protocol::jetstream} {
    append(batch_, R"(CONNECT {"verbose":false,"pedantic":false,"protocol":1,"headers":true,"no_responders":false,"lang":"bench","version":"1"})"
                   "\r\n");
    inbox_ = "i." + std::to_string(number) + (purpose == Purpose::receive ? "r" : "s");
    if (purpose == Purpose::receive && !keeps_) append(batch_, "SUB " + subject_of(number) + " 1\r\n");
    if (keeps_) append(batch_, "SUB " + inbox_ + " 2\r\n");
    append(batch_, "PING\r\n");
    send();
    settle();
    if (keeps_ && purpose == Purpose::receive) {
      consume(number);
      append(batch_, "SUB " + delivery_of(number) + " 1\r\n");   // last: from here on messages come
      send();
    }
  }
  void go_non_blocking() { link_.go_non_blocking(); }

  void post(std::size_t to, View payload) override {
    publish(subject_of(to), keeps_ ? inbox_ : std::string{}, payload);
    if (!keeps_) ++posted_;
  }

  unsigned read(const OnMessage& on_message) override {
    unsigned taken = std::exchange(posted_, 0U);   // nobody says that a message was taken
    link_.read([&](Link::Opcode, View frame) {
      append(in_, frame);
      take_messages([&](std::string_view sid, std::string_view reply, View payload) {
        if (sid == "2") {
          ++taken;
          refused += text_of(payload).find("\"error\"") != std::string_view::npos ? 1 : 0;
          return;
        }
        on_message(payload);
        if (keeps_) publish(std::string{reply}, {}, view("+ACK"));
      });
    });
    if (keeps_) send();   // the acknowledgements
    return taken;
  }

  // Device `number`'s durable consumer; once in this program.
  void consume(std::size_t number) {
    static std::mutex mutex;
    static std::unordered_set<std::size_t> consumers;
    {
      const std::lock_guard guard{mutex};
      if (!consumers.insert(number).second) return;
    }
    const std::string name = "c" + std::to_string(number);
    request("$JS.API.CONSUMER.DURABLE.CREATE.S." + name,
            R"({"stream_name":"S","config":{"durable_name":")" + name + R"(","deliver_subject":")" + delivery_of(number) + R"(","filter_subject":")" +
                subject_of(number) + R"(","ack_policy":"explicit","deliver_policy":"all","max_ack_pending":100000,"mem_storage":true}})");
  }

  // A request to the server's own interface; its answer. While waiting.
  std::string request(const std::string& subject, const std::string& body) {
    publish(subject, inbox_, view(body));
    send();
    std::string answer;
    while (answer.empty()) {
      link_.read([&](Link::Opcode, View frame) {
        append(in_, frame);
        take_messages([&](std::string_view, std::string_view, View payload) { answer = text_of(payload); });
      });
    }
    if (answer.find("\"error\"") != std::string::npos) throw std::runtime_error{answer};
    return answer;
  }

 private:
  void publish(const std::string& subject, const std::string& reply, View payload) {
    append(batch_, "PUB " + subject + (reply.empty() ? "" : " " + reply) + " " + std::to_string(payload.size()) + "\r\n");
    append(batch_, payload);
    append(batch_, "\r\n");
  }

  void settle() {
    ponged_ = false;
    while (!ponged_) {
      link_.read([&](Link::Opcode, View frame) {
        append(in_, frame);
        take_messages([](std::string_view, std::string_view, View) {});
      });
    }
  }

  // Lines, and what follows «MSG subject sid [reply] size».
  template <class Take>
  void take_messages(const Take& take) {
    std::size_t at = 0;
    for (;;) {
      const std::string_view rest = text_of(View{in_}.subspan(at));
      const std::size_t end = rest.find("\r\n");
      if (end == rest.npos) break;
      const std::string_view line = rest.substr(0, end);
      std::size_t taken = end + 2;
      if (line.starts_with("MSG ")) {
        std::array<std::string_view, 5> words{};
        const std::size_t count = split(line, words);
        std::size_t size = 0;
        std::from_chars(words[count - 1].data(), words[count - 1].data() + words[count - 1].size(), size);
        if (rest.size() < taken + size + 2) break;
        take(words[2], count == 5 ? words[3] : std::string_view{}, View{in_}.subspan(at + taken, size));
        taken += size + 2;
      } else if (line.starts_with("PING")) {
        link_.write(Link::Opcode::binary, view("PONG\r\n"));
      } else if (line.starts_with("PONG")) {
        ponged_ = true;
      } else if (line.starts_with("-ERR")) {
        throw std::runtime_error{std::string{line}};
      }
      at += taken;
    }
    in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(at));
  }

  static std::size_t split(std::string_view line, std::array<std::string_view, 5>& words) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < line.size() && count < words.size(); ++count) {
      const std::size_t end = std::min(line.find(' ', at), line.size());
      words[count] = line.substr(at, end - at);
      at = end + 1;
    }
    return count;
  }

  bool keeps_;
  std::string inbox_;
  Bytes in_;
  unsigned posted_ = 0;
  bool ponged_ = false;
};

}  // namespace

std::unique_ptr<Peer> connect_nats(const Server& server, std::size_t number, Purpose purpose) {
  auto peer = std::make_unique<NatsPeer>(server, number, purpose);
  peer->go_non_blocking();
  return peer;
}

void introduce_jetstream(const Server& server, std::size_t first, std::size_t count) {
  NatsPeer peer{server, 19'999'999, Purpose::send};
  for (std::size_t number = first; number < first + count; ++number) peer.consume(number);
}

void make_stream(const Server& server) {
  NatsPeer peer{server, 0, Purpose::send};
  peer.request("$JS.API.STREAM.CREATE.S",
               R"({"name":"S","subjects":["d.>"],"storage":"memory","retention":"interest","max_msgs":-1,"max_bytes":-1,"num_replicas":1})");
}

}  // namespace lethe::bench
