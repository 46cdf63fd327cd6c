#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <lethe/client/base64url.hpp>
#include <lethe/client/client.hpp>

#include "unit/client/samples.hpp"
#include "unit/client/scripted_relay.hpp"

namespace lethe::client {
using namespace samples;
using nlohmann::json;

namespace {
const std::string relay_name = "relay.example";

void expect(bool happened, const char* what) {
  if (!happened) throw std::runtime_error(std::string("expected ") + what);
}

json hello(std::uint8_t nonce) {
  return {{"type", "hello"}, {"relay", relay_name}, {"nonce", to_base64url(counting(32, nonce))}, {"epoch", "00000000000000aa"},
          {"time", 1}, {"limits", {{"payload", 65'536}}}};
}
json ready(const char* epoch = "00000000000000aa", bool continuous = true) {
  return {{"type", "ready"}, {"device", "x"}, {"epoch", epoch}, {"queued", 0}, {"queued_bytes", 0}, {"continuous", continuous}};
}
json caught_up() { return {{"type", "caught_up"}, {"epoch", "00000000000000aa"}}; }

// Says hello, and takes an auth with alice's signature of that very nonce.
json greet(Peer& peer, std::uint8_t nonce) {
  peer.say(hello(nonce));
  const auto auth = peer.hear_json();
  expect(auth.at("type") == "auth", "auth");
  expect(auth.at("device") == to_base64url(alice().address().bytes), "alice's address");
  const auto signature = fixed_from_base64url<Signature>(auth.at("signature").get<std::string>());
  expect(signature && verify(alice().address(), auth_bytes(relay_name, fixed<Nonce>(nonce), {}), *signature), "a valid signature");
  return auth;
}

// The record of a delivery with the payload `be ef`.
Bytes delivery(std::uint8_t seq, std::uint8_t id, bool again = false) {
  return unhex(std::string("0000002c 82 0") + (again ? "1" : "0") + "00000000000000" + hex(Bytes{seq}) + hex(counting(16, id)) +
               "0000018bcfe56800 0000018bcfe56801 beef");
}
Bytes ack_up_to(std::uint8_t seq) { return unhex("0000000b 02 00000000000000" + hex(Bytes{seq}) + "0000"); }
Bytes sent(const std::string& id) { return unhex("00000019 81" + id + "00000e10 0001 0000"); }
Bytes receipt(std::uint8_t seq, const std::string& id) {
  return unhex("0000003a 83 00000000000000" + hex(Bytes{seq}) + id + hex(bob().address().bytes) + "01");
}
// The id in the one record of a message with a send.
std::string id_of(const Bytes& records) {
  expect(records.size() > 22 && records[4] == 0x01, "a send");
  return hex(ByteView(records).subspan(6, 16));
}

class ClientTest : public testing::Test {
 protected:
  ClientTest() {
    options_.relay.host = "127.0.0.1";
    options_.relay_name = relay_name;
    options_.trust.plain = true;
    options_.identity = alice();
    options_.backoff = {milliseconds(5), milliseconds(20)};
    events_.message = [this](const Delivery& message) {
      handled_.push_back(message.seq);
      return true;
    };
    events_.state = [this](State state, error_code error) {
      if (state == State::stopped) stopped_with_ = error;
    };
  }
  void start(ScriptedRelay& relay) {
    options_.relay.port = relay.port();
    client_.emplace(io_, options_, events_);
    client_->start();
  }
  // Runs the client until the script ended and `also` is true, for at most ten seconds.
  void run(ScriptedRelay& relay, const std::function<bool()>& also = [] { return true; }) {
    const auto deadline = std::chrono::steady_clock::now() + seconds(10);
    while (!(relay.is_finished() && also()) && std::chrono::steady_clock::now() < deadline) {
      io_.restart();
      io_.run_for(milliseconds(5));
    }
    ASSERT_TRUE(relay.is_finished()) << "the script hangs";
    EXPECT_EQ(relay.failure(), "");
    EXPECT_TRUE(also());
  }
  static Message to_bob(bool receipt = false) {
    Message message;
    message.to = {{bob().address(), std::nullopt}};
    message.payload = unhex("cafe");
    message.receipt = receipt;
    return message;
  }

  boost::asio::io_context io_;
  Options options_;
  Events events_;
  std::optional<Client> client_;
  std::vector<Seq> handled_;
  std::optional<error_code> stopped_with_;
};
}  // namespace

TEST_F(ClientTest, CarriesItsWorkOverToTheNextConnection) {
  std::atomic<int> handled = 0;
  ScriptedRelay relay([&handled](ScriptedRelay& self) {
    auto first = self.accept();
    expect(!greet(*first, 1).contains("epoch"), "no epoch the first time");
    first->say(ready());
    auto both = delivery(1, 0x10);
    const auto second_delivery = delivery(2, 0x20);
    both.insert(both.end(), second_delivery.begin(), second_delivery.end());
    first->say(both);
    expect(first->hear_records() == ack_up_to(2), "an ack up to 2");
    expect(handled == 2, "the ack after the handler");
    first->say(caught_up());
    const auto id = id_of(first->hear_records());
    first->close();
    auto next = self.accept();
    expect(greet(*next, 77).at("epoch") == "00000000000000aa", "the epoch");
    next->say(ready());
    expect(id_of(next->hear_records()) == id, "the same send again");
    next->say(sent(id));
    next->say(delivery(2, 0x20, true));
    expect(next->hear_records() == ack_up_to(2), "an ack for the message that was handled before");
  });
  std::optional<SendResult> result;
  events_.message = [&](const Delivery& message) {
    handled_.push_back(message.seq);
    return ++handled > 0;
  };
  events_.caught_up = [&] { client_->send(to_bob(), [&](const SendResult& verdict) { result = verdict; }); };
  start(relay);
  run(relay, [&] { return result.has_value(); });
  EXPECT_EQ(result->accepted, 1u);
  EXPECT_EQ(result->error, "");
  EXPECT_EQ(handled_, (std::vector<Seq>{1, 2})) << "a redelivery is not handled twice";
  EXPECT_EQ(client_->outbox_messages(), 0u);
}

TEST_F(ClientTest, SendsUnreceiptedMessagesAgainWhenTheRelayForgot) {
  ScriptedRelay relay([](ScriptedRelay& self) {
    auto first = self.accept();
    greet(*first, 1);
    first->say(ready());
    const auto id = id_of(first->hear_records());
    first->say(sent(id));
    first->close();
    auto next = self.accept();
    greet(*next, 2);
    next->say(ready("00000000000000bb", false));
    expect(id_of(next->hear_records()) == id, "the same send again");
    next->say(sent(id));
    next->say(receipt(1, id));
    expect(next->hear_records() == ack_up_to(1), "an ack of the receipt");
  });
  std::vector<ReceiptStatus> receipts;
  events_.receipt = [&](const Receipt& receipt) { receipts.push_back(receipt.status); };
  start(relay);
  int verdicts = 0;
  client_->send(to_bob(true), [&](const SendResult&) { ++verdicts; });
  run(relay);
  EXPECT_EQ(verdicts, 1);
  EXPECT_EQ(receipts, std::vector{ReceiptStatus::delivered});
  EXPECT_EQ(client_->outbox_messages(), 0u);
  EXPECT_EQ(client_->epoch(), Epoch{0xbb});
}

TEST_F(ClientTest, DoesNotAcknowledgeWhatItsHandlerDidNotTake) {
  for (const bool throws : {false, true}) {
    ScriptedRelay relay([](ScriptedRelay& self) {
      auto peer = self.accept();
      greet(*peer, 1);
      peer->say(ready());
      peer->say(delivery(1, 0x10));
      expect(peer->hear_json().at("type") == "ping", "a ping and no ack before it");
      peer->say(json{{"type", "pong"}, {"time", 1}});
    });
    bool answered = false;
    events_.message = [&](const Delivery&) -> bool {
      client_->ping([&] { answered = true; });
      if (throws) throw std::runtime_error("full disk");
      return false;
    };
    start(relay);
    run(relay, [&] { return answered; });
  }
}

TEST_F(ClientTest, AcknowledgesBeforeItsPing) {
  ScriptedRelay relay([](ScriptedRelay& self) {
    auto peer = self.accept();
    greet(*peer, 1);
    peer->say(ready());
    peer->say(delivery(1, 0x10));
    expect(peer->hear_records() == ack_up_to(1), "the ack first");
    expect(peer->hear_json().at("type") == "ping", "then the ping");
    expect(peer->client_is_gone(), "a close after stop");
  });
  events_.message = [&](const Delivery&) {
    client_->ping([] {});
    client_->stop();
    return true;
  };
  start(relay);
  run(relay, [&] { return stopped_with_.has_value(); });
  EXPECT_EQ(*stopped_with_, Error::stopped);
}

TEST_F(ClientTest, SaysNothingToARelayOfAnotherName) {
  options_.relay_name = "other.example";
  ScriptedRelay relay([](ScriptedRelay& self) {
    auto peer = self.accept();
    peer->say(hello(1));
    expect(peer->client_is_gone(), "no auth");
  });
  start(relay);
  run(relay, [&] { return stopped_with_.has_value(); });
  EXPECT_EQ(*stopped_with_, Error::wrong_relay);
}

TEST_F(ClientTest, EndsWhenAnotherSessionReplacedIt) {
  ScriptedRelay relay([](ScriptedRelay& self) {
    auto peer = self.accept();
    greet(*peer, 1);
    peer->say(ready());
    peer->say(json{{"type", "closing"}, {"reason", "replaced"}});
    peer->close(4002);
  });
  start(relay);
  SendResult result;
  client_->send(to_bob(true), [&](const SendResult& verdict) { result = verdict; });
  run(relay, [&] { return stopped_with_.has_value(); });
  EXPECT_EQ(*stopped_with_, Error::replaced);
  EXPECT_EQ(result.error, "stopped");
}

TEST_F(ClientTest, WaitsAsLongAsTheRelayAsks) {
  options_.give_up = seconds(20);  // less than the relay asks for, much more than the backoff
  ScriptedRelay relay([](ScriptedRelay& self) { self.refuse(503, "30"); });
  start(relay);
  run(relay, [&] { return stopped_with_.has_value(); });
  EXPECT_EQ(*stopped_with_, Error::upgrade_refused);

  stopped_with_.reset();
  ScriptedRelay draining([](ScriptedRelay& self) {
    auto peer = self.accept();
    greet(*peer, 1);
    peer->say(ready());
    peer->say(json{{"type", "closing"}, {"reason", "draining"}, {"retry_after", 30}});
    peer->close(1001);
  });
  start(draining);
  run(draining, [&] { return stopped_with_.has_value(); });
}

TEST_F(ClientTest, SendsAnonymouslyWithoutAuth) {
  options_.identity.reset();
  ScriptedRelay relay([](ScriptedRelay& self) {
    auto peer = self.accept();
    peer->say(hello(1));
    const auto records = peer->hear_records();
    expect((records[5] & 1) == 0, "no receipt asked for");
    peer->say(sent(id_of(records)));
  });
  start(relay);
  SendResult result;
  client_->send(to_bob(true), [&](const SendResult& verdict) { result = verdict; });
  run(relay, [&] { return result.accepted == 1; });
}

TEST_F(ClientTest, SpeaksJsonWhereItIsAsked) {
  options_.encoding = Encoding::json;
  ScriptedRelay relay([](ScriptedRelay& self) {
    auto peer = self.accept();
    greet(*peer, 1);
    peer->say(ready());
    const auto send = peer->hear_json();
    expect(send.at("payload") == "yv4", "the payload");
    peer->say(json{{"type", "sent"}, {"id", send.at("id")}, {"accepted", 1}, {"ttl", 60}, {"refused", json::array()}});
    peer->say(json{{"type", "deliver"}, {"seq", 4}, {"id", send.at("id")}, {"received", 1}, {"expires", 2},
                   {"redelivered", false}, {"payload", "vu8"}});
    expect(peer->hear_json() == json::parse(R"({"type":"ack","up_to":4})"), "an ack");
  });
  start(relay);
  client_->send(to_bob());
  run(relay);
  EXPECT_EQ(handled_, std::vector<Seq>{4});
}

TEST_F(ClientTest, RefusesByItselfWhatIsLargerThanTheRelayTakes) {
  ScriptedRelay relay([](ScriptedRelay& self) {
    auto peer = self.accept();
    greet(*peer, 1);
    peer->say(ready());
    expect(peer->hear_json().at("type") == "ping", "no send");
    peer->say(json{{"type", "pong"}, {"time", 1}});
  });
  events_.ready = [&](const Ready&) { client_->ping([] {}); };
  start(relay);
  SendResult result;
  auto message = to_bob();
  message.payload.resize(65'537);
  client_->send(std::move(message), [&](const SendResult& verdict) { result = verdict; });
  run(relay, [&] { return !result.error.empty(); });
  EXPECT_EQ(result.error, "too_large");
}

TEST_F(ClientTest, TakesNoSendThatNoRecordCanHold) {
  client_.emplace(io_, options_, events_);
  std::vector<std::string> errors;
  const auto keep = [&](const SendResult& result) { errors.push_back(result.error); };
  auto nobody = to_bob(), topic = to_bob(), forever = to_bob();
  nobody.to.clear();
  topic.topic = std::string(33, 't');
  forever.ttl = seconds(0x1'0000'0000);
  for (auto* const message : {&nobody, &topic, &forever}) client_->send(std::move(*message), keep);
  EXPECT_EQ(errors, (std::vector<std::string>(3, "malformed")));
  EXPECT_EQ(client_->outbox_messages(), 0u);
}

TEST_F(ClientTest, ReconnectsAfterGarbage) {
  ScriptedRelay relay([](ScriptedRelay& self) {
    auto peer = self.accept();
    peer->say(Bytes{1, 2, 3});
    expect(peer->client_is_gone(), "a hang-up");
    peer = self.accept();
    greet(*peer, 1);
  });
  start(relay);
  run(relay);
}

}  // namespace lethe::client
