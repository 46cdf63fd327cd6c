// The frames of a hand-over: what is written is read, and nothing else is.
#include <gtest/gtest.h>

#include "base/arena.hpp"
#include "mailbox/shared_payloads.hpp"
#include "wire/moved_decoder.hpp"
#include "wire/moved_encoder.hpp"
#include "wire/payload_writer.hpp"

namespace lethe::wire {
namespace {

// Takes everything down, up to a limit.
struct Heard final : MovedFrames {
  bool shard(std::uint32_t number, std::uint32_t count, Seq floor) override { return note("shard", number, count, floor); }
  bool on(const mailbox::MovedMailbox& mailbox) override {
    mailboxes.push_back(mailbox);
    return note("mailbox");
  }
  bool on(const mailbox::MovedEntry& entry, const MovedPayload& payload) override {
    entries.push_back(entry);
    return note("entry", static_cast<unsigned>(payload.form), payload.number, payload.source.size());
  }
  bool on(const mailbox::MovedId& id) override { return note("id", id.hash, id.left.count()); }
  bool on(const mailbox::MovedRate& rate) override { return note("rate", rate.invite, rate.messages, rate.left.count()); }
  bool counters(std::span<const std::uint64_t> values) override { return note("counters", values.size(), values.back()); }
  bool ticket_keys(std::span<const std::uint8_t> keys) override { return note("keys", keys.size()); }
  bool end(const MovedTotals& all) override { return note("end", all.mailboxes, all.entries, all.bytes); }

  template <class... Numbers>
  bool note(const std::string& what, Numbers... numbers) {
    std::string line = what;
    ((line += " " + std::to_string(numbers)), ...);
    said.push_back(line);
    return said.size() < most;
  }

  std::size_t most = 1'000;
  std::vector<std::string> said;
  std::vector<mailbox::MovedMailbox> mailboxes;
  std::vector<mailbox::MovedEntry> entries;
};

class Moved : public testing::Test {
 protected:
  Moved() {
    mailbox.address.bytes.fill(0x11);
    mailbox.next_seq = 77;
    mailbox.missed = {1, 2, 3};
    mailbox.revoked = {InviteLabel{{9, 9}}, InviteLabel{{8}}};
    mailbox.generation = 5;
    mailbox.window = 6;
    mailbox.min_urgency = mailbox::Urgency::high;
    mailbox.anyone = mailbox.known = true;
    message.id.bytes.fill(0x22);
    message.seq = 42;
    message.received = Wall{milliseconds{1'700'000'000'000}};
    message.left = milliseconds{-5};
    message.ttl = seconds{60};
    message.urgency = mailbox::Urgency::low;
    message.sender = mailbox::SenderKey{7};
    message.topic = mailbox::TopicKey{8};
    message.delivered = true;
    message.address = mailbox.address;
    receipt.address = mailbox.address;
    receipt.fate = mailbox::Fate::displaced;
  }
  mailbox::Payload payload(std::size_t size) {
    const std::vector<std::uint8_t> bytes(size, 0x55);
    return std::move(PayloadWriter::store({bytes, size, Encoding::binary}, arena.shard(0)).payload);
  }
  void write_all() {
    mailbox::Submission several;
    several.payload = payload(100);
    const mailbox::Payload held = several.share_payload();
    encoder.shard(0, 2, 12);
    encoder.on(mailbox);
    encoder.on(message, payload(10));
    encoder.on(message, several.payload);
    encoder.on(message, held);
    encoder.on(receipt, mailbox::Payload{});
    encoder.on(mailbox::MovedId{13, milliseconds{14}});
    encoder.on(mailbox::MovedRate{15, 16, milliseconds{17}});
    encoder.counters(std::array<std::uint64_t, 3>{1, 2, 18});
    encoder.ticket_keys(std::array<std::uint8_t, 4>{});
    encoder.end();
  }

  Arena arena{{.size = 1 << 20, .locking = MemoryLocking::off}};
  std::vector<std::uint8_t> memory = std::vector<std::uint8_t>(longest_moved_frame);
  mailbox::SharedPayloads shared;
  MovedEncoder encoder{memory, shared};
  mailbox::MovedMailbox mailbox;
  mailbox::MovedEntry message;
  mailbox::MovedEntry receipt;
  Heard heard;
};

TEST_F(Moved, IsReadAsItWasWritten) {
  write_all();
  ASSERT_EQ(decode_moved(encoder.frame(), heard), MovedOutcome::taken);
  const std::vector<std::string> expected{"shard 0 2 12", "mailbox", "entry 1 0 10", "entry 2 0 100", "entry 3 0 0", "entry 0 0 0", "id 13 14",
                                          "rate 15 16 17", "counters 3 18", "keys 4", "end 1 4 210"};
  EXPECT_EQ(heard.said, expected);
  const mailbox::MovedMailbox& read = heard.mailboxes.at(0);
  EXPECT_EQ(read.address, mailbox.address);
  EXPECT_EQ(read.next_seq, mailbox.next_seq);
  EXPECT_EQ(read.missed.recalled, 3U);
  EXPECT_EQ(read.revoked, mailbox.revoked);
  EXPECT_EQ(read.min_urgency, mailbox.min_urgency);
  EXPECT_FALSE(read.rest);
  const mailbox::MovedEntry& entry = heard.entries.at(0);
  EXPECT_EQ(entry.id, message.id);
  EXPECT_EQ(entry.received, message.received);
  EXPECT_EQ(entry.left, message.left);
  EXPECT_EQ(entry.urgency, message.urgency);
  EXPECT_EQ(entry.sender, message.sender);
  EXPECT_EQ(entry.topic, message.topic);
  EXPECT_EQ(entry.address, message.address);
  EXPECT_TRUE(entry.delivered);
  EXPECT_FALSE(entry.fate);
  EXPECT_EQ(heard.entries.at(3).fate, mailbox::Fate::displaced);
}

TEST_F(Moved, CutShortItIsMalformedAndNothingIsReadBeyond) {
  write_all();
  const std::vector<std::uint8_t> whole(encoder.frame().begin(), encoder.frame().end());
  std::size_t ends_of_records = 0;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::vector<std::uint8_t> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));   // so that a sanitizer sees
    Heard partly;
    ends_of_records += decode_moved(cut, partly) == MovedOutcome::taken;
  }
  EXPECT_EQ(ends_of_records, 11U);
}

TEST_F(Moved, EndsWhereItIsNotTaken) {
  write_all();
  heard.most = 3;
  EXPECT_EQ(decode_moved(encoder.frame(), heard), MovedOutcome::refused);
  EXPECT_EQ(heard.said.size(), 3U);
}

TEST_F(Moved, NothingComesBehindTheEnd) {
  write_all();
  encoder.shard(0, 1, 1);
  EXPECT_EQ(decode_moved(encoder.frame(), heard), MovedOutcome::malformed);
}

TEST_F(Moved, FitsAFrameWithTheLargestPayloadOnTop) {
  encoder.on(mailbox);
  while (!encoder.full()) encoder.on(message, payload(1'000));
  encoder.on(message, payload(Arena::largest_block));
  EXPECT_LE(encoder.frame().size(), longest_moved_frame);
  EXPECT_EQ(decode_moved(encoder.frame(), heard), MovedOutcome::taken);
}

}  // namespace
}  // namespace lethe::wire
