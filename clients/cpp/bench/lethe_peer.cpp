// The relay's own protocol in both encodings: docs/protocol.md.
#include <array>
#include <atomic>
#include <lethe/client/base64url.hpp>
#include <lethe/client/invite.hpp>
#include <mutex>
#include <numeric>
#include <random>
#include <stdexcept>
#include <thread>
#include <unordered_map>

#include "bench/loop.hpp"

namespace lethe::bench {
namespace {

using client::to_base64url;

// Device `number`'s key: the same in every run. Made once; all threads.
const client::Identity& identity_of(std::size_t number) {
  static std::mutex mutex;
  static std::unordered_map<std::size_t, client::Identity> all;
  const std::lock_guard guard{mutex};
  const auto found = all.find(number);
  if (found != all.end()) return found->second;
  Bytes seed(client::Identity::seed_size - sizeof(std::uint64_t), 7);
  append_number(seed, std::uint64_t{number});
  return all.emplace(number, *client::Identity::from_seed(seed)).first->second;
}

struct Known {
  Address address;
  client::InviteBytes invite;
  std::string in_json;   // as an entry of `to`
};

// Made once for each device; all threads.
const Known& known(std::size_t number) {
  static std::mutex mutex;
  static std::unordered_map<std::size_t, Known> all;
  const std::lock_guard guard{mutex};
  const auto [found, fresh] = all.try_emplace(number);
  if (fresh) {
    const client::Identity& owner = identity_of(number);
    client::InviteTerms terms;
    terms.expires = std::uint64_t{1} << 40;
    found->second = {owner.address(), client::mint_invite(owner, terms), {}};
    found->second.in_json = R"({"device":")" + to_base64url(owner.address().bytes) + R"(","invite":")" + to_base64url(found->second.invite) + "\"}";
  }
  return found->second;
}

// Where a session's ids begin: a relay remembers those of earlier runs.
std::uint64_t fresh_ids() {
  static std::atomic<std::uint64_t> next{std::uint64_t{std::random_device{}()} << 32};
  return next.fetch_add(std::uint64_t{1} << 32);
}

std::string_view field(std::string_view json, std::string_view key) {
  const std::size_t at = json.find(key);
  if (at == std::string_view::npos) return {};
  const std::size_t begin = at + key.size();
  return json.substr(begin, json.find_first_of("\",}", begin) - begin);
}

class LethePeer final : public Peer {
 public:
  LethePeer(const Server& server, std::size_t number)
      : Peer{{server.host, server.port, "/v1", server.protocol == Protocol::lethe_json ? "lethe.v1.json" : "lethe.v1.binary"}, number},
        json_{server.protocol == Protocol::lethe_json},
        next_id_{fresh_ids()} {
    opcode_ = json_ ? Link::Opcode::text : Link::Opcode::binary;
    authenticate(server.host, identity_of(number));
    link_.go_non_blocking();
  }

  void post(std::size_t to, View payload) override { post_to_all(std::span{&to, 1}, payload); }

  void post_to_all(std::span<const std::size_t> to, View payload) override {
    ++next_id_;
    if (json_) return post_json(to, payload);
    constexpr std::uint8_t urgency_normal = 2 << 1;
    append_number(batch_, static_cast<std::uint32_t>(25 + to.size() * (33 + 92) + payload.size()));
    append(batch_, std::array<std::uint8_t, 2>{0x01, urgency_normal});
    append_id(batch_);
    append_number(batch_, ttl);
    batch_.push_back(0);
    append_number(batch_, static_cast<std::uint16_t>(to.size()));
    for (const std::size_t one : to) {
      append(batch_, known(one).address.bytes);
      batch_.push_back(92);
      append(batch_, known(one).invite);
    }
    append(batch_, payload);
  }

  unsigned read(const OnMessage& on_message) override {
    unsigned taken = 0;
    std::uint64_t seen = 0;
    link_.read([&](Link::Opcode opcode, View frame) {
      if (opcode == Link::Opcode::binary) read_records(frame, on_message, taken, seen);
      else read_text(text_of(frame), on_message, taken, seen);
    });
    if (seen > 0) acknowledge(seen);
    return taken;
  }

  std::uint32_t ttl = 3'600;   // seconds

 private:
  void authenticate(const std::string& host, const client::Identity& device) {
    const std::string hello = wait_for("\"hello\"");
    const auto nonce = client::fixed_from_base64url<Nonce>(field(hello, "\"nonce\":\""));
    if (!nonce) throw std::runtime_error{"the relay said no nonce"};
    const Signature signature = device.sign(client::auth_bytes(host, *nonce, {}));
    const std::string auth =
        R"({"type":"auth","device":")" + to_base64url(device.address().bytes) + R"(","signature":")" + to_base64url(signature.bytes) + "\"}";
    link_.write(Link::Opcode::text, view(auth));
    wait_for("\"ready\"");
  }

  std::string wait_for(std::string_view part) {
    std::string found;
    while (found.empty()) {
      link_.read([&](Link::Opcode, View frame) {
        const std::string_view text = text_of(frame);
        if (text.find("\"type\":\"error\"") != text.npos) throw std::runtime_error{std::string{text}};
        if (text.find(part) != text.npos) found = text;
      });
    }
    return found;
  }

  void append_id(Bytes& to) const {
    append_number(to, next_id_);
    append_number(to, next_id_ * 0x9e3779b97f4a7c15U);
  }

  void post_json(std::span<const std::size_t> to, View payload) {
    send();   // one message a frame
    Bytes id;
    append_id(id);
    append(batch_, R"({"type":"send","ttl":)" + std::to_string(ttl) + R"(,"id":")" + to_base64url(id) + R"(","to":[)");
    for (std::size_t i = 0; i < to.size(); ++i) append(batch_, (i == 0 ? "" : ",") + known(to[i]).in_json);
    append(batch_, R"(],"payload":")" + to_base64url(payload) + "\"}");
  }

  void read_records(View frame, const OnMessage& on_message, unsigned& taken, std::uint64_t& seen) {
    constexpr std::uint8_t sent = 0x81;
    constexpr std::uint8_t deliver = 0x82;
    constexpr std::size_t before_payload = 1 + 8 + 16 + 8 + 8;   // flags, number, id, times
    while (frame.size() >= 5) {
      const std::size_t size = read_number<std::uint32_t>(frame.data());
      const View record = frame.subspan(4, size);
      if (record[0] == sent) {
        ++taken;
        refused += read_number<std::uint16_t>(record.data() + 21) == 0 && record[22] == 0 ? 1 : 0;
      } else if (record[0] == deliver) {
        seen = read_number<std::uint64_t>(record.data() + 2);
        on_message(record.subspan(1 + before_payload));
      }
      frame = frame.subspan(4 + size);
    }
  }

  void read_text(std::string_view text, const OnMessage& on_message, unsigned& taken, std::uint64_t& seen) {
    const std::string_view type = field(text, "\"type\":\"");
    if (type == "error" || type == "closing") throw std::runtime_error{std::string{text}};
    if (type == "sent") {
      ++taken;
      refused += field(text, "\"accepted\":") == "0" ? 1 : 0;
    } else if (type == "deliver") {
      seen = std::stoull(std::string{field(text, "\"seq\":")});
      const auto payload = client::from_base64url(field(text, "\"payload\":\""));
      if (payload) on_message(*payload);
    }
  }

  void acknowledge(std::uint64_t up_to) {
    if (json_) {
      link_.write(Link::Opcode::text, view(R"({"type":"ack","up_to":)" + std::to_string(up_to) + "}"));
      return;
    }
    Bytes record;
    append_number(record, std::uint32_t{11});
    record.push_back(0x02);
    append_number(record, up_to);
    append_number(record, std::uint16_t{0});
    link_.write(Link::Opcode::binary, record);
  }

  bool json_;
  std::uint64_t next_id_;
};

}  // namespace

// A message that nobody fetches in time: the relay remembers that it is missed, and with it the mailbox.
void introduce_lethe(const Server& server, std::size_t first, std::size_t count) {
  constexpr std::size_t at_once = 500;
  constexpr std::size_t sender = 19'999'999;
  constexpr std::chrono::seconds until_expired{3};
  LethePeer peer{server, sender};
  peer.ttl = 1;
  Loop loop;
  loop.watch(peer);
  std::vector<std::size_t> to;
  for (std::size_t next = 0; next < count; next += to.size()) {
    to.resize(std::min(at_once, count - next));
    std::iota(to.begin(), to.end(), first + next);
    peer.post_to_all(to, {});
    peer.send();
    const auto patience = Clock::now() + std::chrono::seconds{30};
    for (unsigned taken = 0; taken == 0;) {
      loop.turn(std::chrono::milliseconds{50}, [&](Peer& each) { taken += each.read([](View) {}); });
      if (peer.refused > 0 || Clock::now() > patience) throw std::runtime_error{"the relay took no first message"};
    }
  }
  std::this_thread::sleep_for(until_expired);
}

std::unique_ptr<Peer> connect_lethe(const Server& server, std::size_t number) { return std::make_unique<LethePeer>(server, number); }

}  // namespace lethe::bench
