#include <gtest/gtest.h>

#include <random>

#include <nlohmann/json.hpp>

#include "unit/wire/naive.hpp"
#include "unit/wire/outgoing.hpp"
#include "unit/wire/recorder.hpp"

namespace lethe::wire {
namespace {

constexpr unsigned kRounds = 500;

class RoundTrip : public testing::Test {
 protected:
  std::uint64_t any() { return random_() >> (random_() % 64); }
  std::size_t below(std::size_t bound) { return random_() % bound; }
  void fill(std::span<std::uint8_t> bytes) {
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random_());
  }
  template <class Id>
  Id id() {
    Id result;
    fill(result.bytes);
    return result;
  }

  naive::Draft draft() {
    static constexpr std::string_view letters = "abcXYZ019-_";
    naive::Draft result;
    result.id = id<MessageId>();
    result.to.resize(1 + below(5));
    for (SendTo& to : result.to) {
      to.device = id<Address>();
      if (below(2) == 0) fill(to.invite.emplace());
    }
    result.ttl = static_cast<std::uint32_t>(any());
    result.urgency = static_cast<mailbox::Urgency>(below(4));
    for (std::size_t size = below(33); size > 0; --size) result.topic += letters[below(letters.size())];
    result.receipt = below(2) == 0;
    result.payload.resize(below(below(10) == 0 ? 5'000 : 100));
    fill(result.payload);
    return result;
  }

  static void expect_same(const Send& send, const std::string& payload, const naive::Draft& draft) {
    EXPECT_EQ(send.id, draft.id);
    EXPECT_EQ(send.ttl, seconds{draft.ttl});
    EXPECT_EQ(send.urgency, draft.urgency);
    EXPECT_EQ(send.topic, draft.topic);
    EXPECT_EQ(send.receipt, draft.receipt);
    EXPECT_EQ(naive::Bytes(payload.begin(), payload.end()), draft.payload);
    ASSERT_EQ(send.to.size(), draft.to.size());
    for (std::size_t i = 0; i < draft.to.size(); ++i) {
      EXPECT_EQ(send.to[i].device, draft.to[i].device);
      EXPECT_EQ(send.to[i].invite, draft.to[i].invite);
    }
  }

  std::mt19937_64 random_{20240607};
  Limits limits_;
  Decoder decoder_{limits_};
};

TEST_F(RoundTrip, OfSendsAndAcksInBatches) {
  for (unsigned round = 0; round < kRounds; ++round) {
    std::vector<naive::Draft> drafts;
    std::vector<Ack> acks;
    naive::Bytes frame;
    for (std::size_t left = 1 + below(4); left > 0; --left) {
      drafts.push_back(draft());
      naive::append(frame, naive::with_length(naive::send_record(drafts.back())));
      acks.push_back({any(), std::vector<Seq>(below(5))});
      for (Seq& seq : acks.back().seqs) seq = any();
      naive::append(frame, naive::with_length(naive::ack_record(acks.back())));
    }
    Recorder recorder;
    decoder_.decode(Encoding::binary, Frame::binary, frame, recorder, recorder);
    ASSERT_EQ(recorder.items.size(), 2 * drafts.size());
    for (std::size_t i = 0; i < drafts.size(); ++i) {
      expect_same(std::get<Send>(recorder.items[2 * i]), recorder.payloads[i], drafts[i]);
      EXPECT_EQ(std::get<Ack>(recorder.items[2 * i + 1]).up_to, acks[i].up_to);
      EXPECT_EQ(std::get<Ack>(recorder.items[2 * i + 1]).seqs, acks[i].seqs);
    }
  }
}

TEST_F(RoundTrip, OfSendsAndAcksAsText) {
  for (unsigned round = 0; round < kRounds; ++round) {
    const naive::Draft sent = draft();
    const Ack ack{any(), {any(), any(), 0}};
    Recorder recorder;
    for (std::string text : {naive::send_text(sent), naive::ack_text(ack)}) {
      decoder_.decode(Encoding::json, Frame::text, frame_of(text), recorder, recorder);
    }
    ASSERT_EQ(recorder.items.size(), 2U);
    expect_same(std::get<Send>(recorder.items[0]), recorder.payloads[0], sent);
    EXPECT_EQ(std::get<Ack>(recorder.items[1]).up_to, ack.up_to);
    EXPECT_EQ(std::get<Ack>(recorder.items[1]).seqs, ack.seqs);
  }
}

TEST_F(RoundTrip, OfSents) {
  for (unsigned round = 0; round < kRounds; ++round) {
    Sent sent{id<MessageId>(), static_cast<std::uint16_t>(any()), seconds{static_cast<std::uint32_t>(any())}, {}};
    sent.refused.resize(below(4));
    for (RefusedRecipient& refused : sent.refused) {
      refused = {id<Address>(), static_cast<mailbox::Refusal>(1 + below(7)), seconds{static_cast<std::uint16_t>(any())}};
    }
    const std::string record = encoded(sent, Encoding::binary);
    naive::Cut cut{{reinterpret_cast<const std::uint8_t*>(record.data()), record.size()}};
    EXPECT_EQ(cut.number(4), record.size() - 4);
    EXPECT_EQ(cut.number(1), 0x81U);
    EXPECT_EQ(cut.take(16), naive::Bytes(sent.id.bytes.begin(), sent.id.bytes.end()));
    EXPECT_EQ(cut.number(4), static_cast<std::uint64_t>(sent.ttl.count()));
    EXPECT_EQ(cut.number(2), sent.accepted);
    ASSERT_EQ(cut.number(2), sent.refused.size());
    const nlohmann::json text = nlohmann::json::parse(encoded(sent, Encoding::json));
    EXPECT_EQ(text["accepted"], sent.accepted);
    EXPECT_EQ(text["ttl"], sent.ttl.count());
    ASSERT_EQ(text["refused"].size(), sent.refused.size());
    for (std::size_t i = 0; i < sent.refused.size(); ++i) {
      const RefusedRecipient& refused = sent.refused[i];
      EXPECT_EQ(cut.take(32), naive::Bytes(refused.device.bytes.begin(), refused.device.bytes.end()));
      EXPECT_EQ(cut.number(1), static_cast<std::uint64_t>(refused.code));
      EXPECT_EQ(cut.number(2), static_cast<std::uint64_t>(refused.retry_after.count()));
      EXPECT_EQ(text["refused"][i]["device"], naive::base64url(refused.device.bytes));
      EXPECT_EQ(text["refused"][i]["code"], name(refused.code));
      EXPECT_EQ(text["refused"][i].value("retry_after", 0), refused.retry_after.count());
    }
    EXPECT_EQ(cut.left(), 0U);
  }
}

TEST_F(RoundTrip, OfDeliveries) {
  Arena arena{Arena::Options{.size = 4 << 20, .locking = MemoryLocking::off, .shards = 1}};
  for (unsigned round = 0; round < kRounds; ++round) {
    std::string bytes(below(300), '\0');
    fill({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
    const mailbox::Payload payload = payload_of(bytes, arena.shard(0));
    const MessageId message = id<MessageId>();
    const mailbox::Delivery delivery{any(), message, wall(static_cast<std::int64_t>(any() / 2)),
        wall(static_cast<std::int64_t>(any() / 2)),
                                     below(2) == 0, payload};
    const std::string record = encoded(delivery, Encoding::binary);
    naive::Cut cut{{reinterpret_cast<const std::uint8_t*>(record.data()), record.size()}};
    EXPECT_EQ(cut.number(4), record.size() - 4);
    EXPECT_EQ(cut.number(1), 0x82U);
    EXPECT_EQ(cut.number(1), delivery.redelivered ? 1U : 0U);
    EXPECT_EQ(cut.number(8), delivery.seq);
    EXPECT_EQ(cut.take(16), naive::Bytes(message.bytes.begin(), message.bytes.end()));
    EXPECT_EQ(cut.number(8), static_cast<std::uint64_t>(delivery.received.time_since_epoch().count()));
    EXPECT_EQ(cut.number(8), static_cast<std::uint64_t>(delivery.expires.time_since_epoch().count()));
    EXPECT_EQ(cut.take(cut.left()), naive::Bytes(bytes.begin(), bytes.end()));
    const nlohmann::json text = nlohmann::json::parse(encoded(delivery, Encoding::json));
    EXPECT_EQ(text["seq"], delivery.seq);
    EXPECT_EQ(text["id"], naive::base64url(message.bytes));
    EXPECT_EQ(text["received"], delivery.received.time_since_epoch().count());
    EXPECT_EQ(text["expires"], delivery.expires.time_since_epoch().count());
    EXPECT_EQ(text["redelivered"], delivery.redelivered);
    EXPECT_EQ(text["payload"], naive::base64url(naive::Bytes(bytes.begin(), bytes.end())));
  }
}

}  // namespace
}  // namespace lethe::wire
