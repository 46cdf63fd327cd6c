#include <gtest/gtest.h>

#include "client/wire_binary.hpp"
#include "unit/client/samples.hpp"

namespace lethe::client {
using namespace samples;

TEST(BinaryRecord, WritesASend) {
  Send send;
  send.id = fixed<MessageId>(0x10);
  send.to = {{alice().address(), std::nullopt}, {bob().address(), mint_invite(bob(), {})}};
  send.payload = unhex("cafe");
  send.ttl = seconds(60);
  send.urgency = Urgency::high;
  send.topic = "now";
  send.receipt = true;
  Bytes out;
  append_record(out, send);
  const auto record = "01" "07" + hex(counting(16, 0x10)) + "0000003c" "03" "6e6f77" "0002" + hex(alice().address().bytes) + "00" +
                      hex(bob().address().bytes) + "5c" + hex(mint_invite(bob(), {})) + "cafe";
  // 1 + 1 + 16 + 4 + 1 + 3 + 2 + 33 + 33 + 92 + 2 = 188 = 0xbc
  EXPECT_EQ(hex(out), "000000bc" + record);
}

TEST(BinaryRecord, WritesAnAckBehindWhatIsThere) {
  Bytes out = unhex("ff");
  append_record(out, Ack{5, {7, 0x0102030405060708}});
  EXPECT_EQ(hex(out), "ff" "0000001b" "02" "0000000000000005" "0002" "0000000000000007" "0102030405060708");
}

TEST(BinaryRecord, ReadsSent) {
  const auto message = unhex("0000003c 81 101112131415161718191a1b1c1d1e1f 00000e10 0001 0001" + hex(alice().address().bytes) + "03 001e");
  const auto records = read_records(message).value();
  ASSERT_EQ(records.size(), 1u);
  const auto& sent = std::get<Sent>(records[0]);
  EXPECT_EQ(sent.id, fixed<MessageId>(0x10));
  EXPECT_EQ(sent.ttl, seconds(3'600));
  EXPECT_EQ(sent.accepted, 1u);
  ASSERT_EQ(sent.refused.size(), 1u);
  EXPECT_EQ(sent.refused[0].device, alice().address());
  EXPECT_EQ(sent.refused[0].code, RefusalCode::mailbox_full);
  EXPECT_EQ(sent.refused[0].retry_after, seconds(30));
}

TEST(BinaryRecord, ReadsADeliveryAndAReceiptInOneMessage) {
  const auto message = unhex(
      "0000002c 82 01 0000000000000009 101112131415161718191a1b1c1d1e1f 0000018bcfe56800 0000018bcfe56801 beef"
      "0000003a 83 000000000000000a 202122232425262728292a2b2c2d2e2f" + hex(bob().address().bytes) + "02");
  const auto records = read_records(message).value();
  ASSERT_EQ(records.size(), 2u);
  const auto& delivery = std::get<Delivery>(records[0]);
  EXPECT_EQ(delivery.seq, 9u);
  EXPECT_EQ(delivery.id, fixed<MessageId>(0x10));
  EXPECT_EQ(delivery.received, 0x18bcfe56800u);
  EXPECT_EQ(delivery.expires, 0x18bcfe56801u);
  EXPECT_TRUE(delivery.redelivered);
  EXPECT_EQ(hex(delivery.payload), "beef");
  const auto& receipt = std::get<Receipt>(records[1]);
  EXPECT_EQ(receipt.seq, 10u);
  EXPECT_EQ(receipt.id, fixed<MessageId>(0x20));
  EXPECT_EQ(receipt.device, bob().address());
  EXPECT_EQ(receipt.status, ReceiptStatus::expired);
}

TEST(BinaryRecord, IgnoresKindsOfLaterVersions) {
  EXPECT_TRUE(std::holds_alternative<Unknown>(read_records(unhex("00000002 9901")).value().at(0)));
}

TEST(BinaryRecord, IsMalformedWhenALengthIsWrong) {
  const auto receipt = "0000003a 83 000000000000000a 202122232425262728292a2b2c2d2e2f" + hex(bob().address().bytes) + "02";
  ASSERT_TRUE(read_records(unhex(receipt)));
  for (const std::string& text : {std::string(), std::string("00"), std::string("00000000"), std::string("00000005 82"),
                                  receipt + "00", "00000039" + receipt.substr(8, receipt.size() - 10),
                                  std::string("00000002 8201"), receipt.substr(0, receipt.size() - 2) + "05",
                                  std::string("00000019 81 101112131415161718191a1b1c1d1e1f 00000e10 0001 ffff")}) {
    EXPECT_EQ(read_records(unhex(text)).error(), Error::malformed) << text;
  }
}

}  // namespace lethe::client
