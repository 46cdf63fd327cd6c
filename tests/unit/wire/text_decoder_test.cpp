#include <gtest/gtest.h>

#include "unit/wire/naive.hpp"
#include "unit/wire/recorder.hpp"

namespace lethe::wire {
namespace {

TEST(TextDecoder, ReadsAnAuthWithEveryField) {
  Recorder recorder;
  decode_text(R"({"type":"auth","device":")" + address_ff + R"(","signature":")" + signature_ff +
                  R"(","admission":"a.b.c","binding":"tls-exporter","epoch":"0123456789abcdef","mailbox":{"senders":"anyone",)"
                  R"("generation":4294967295,"revoked":[")" + label_ff + R"("],"window":1,"min_urgency":"high"}})",
              recorder);
  const Auth& auth = recorder.only<Auth>();
  EXPECT_EQ(auth.device, filled<Address>(0xff));
  EXPECT_EQ(auth.signature, filled<Signature>(0xff));
  EXPECT_EQ(auth.admission, "a.b.c");
  EXPECT_TRUE(auth.exporter_bound);
  EXPECT_EQ(auth.epoch, Epoch{0x0123456789abcdef});
  EXPECT_EQ(auth.mailbox.anyone, true);
  EXPECT_EQ(auth.mailbox.generation, 4294967295U);
  EXPECT_EQ(auth.mailbox.revoked, std::vector<InviteLabel>{filled<InviteLabel>(0xff)});
  EXPECT_EQ(auth.mailbox.window, 1U);
  EXPECT_EQ(auth.mailbox.min_urgency, mailbox::Urgency::high);
}

TEST(TextDecoder, LeavesAbsentFieldsOfAnAuthAbsent) {
  Recorder recorder;
  decode_text(R"({"type":"auth","device":")" + address_00 + R"(","signature":")" + signature_ff + R"("})", recorder);
  const Auth& auth = recorder.only<Auth>();
  EXPECT_EQ(auth.device, Address{});
  EXPECT_TRUE(auth.admission.empty());
  EXPECT_FALSE(auth.exporter_bound);
  EXPECT_FALSE(auth.epoch);
  EXPECT_FALSE(auth.mailbox.anyone || auth.mailbox.generation || auth.mailbox.revoked || auth.mailbox.window);
  EXPECT_FALSE(auth.mailbox.min_urgency);
}

TEST(TextDecoder, ReadsASendWithEveryField) {
  Recorder recorder;
  decode_text(R"({"type":"send","id":")" + id_ff + R"(","to":[{"device":")" + address_ff + R"(","invite":")" + invite_ff +
                  R"("},{"device":")" + address_00 + R"("}],"payload":"aGVsbG8","ttl":0,"urgency":"very-low",)"
                  R"("topic":"a-Z_9","receipt":true})",
              recorder);
  const Send& send = recorder.only<Send>();
  EXPECT_EQ(send.id, filled<MessageId>(0xff));
  ASSERT_EQ(send.to.size(), 2U);
  EXPECT_EQ(send.to[0].device, filled<Address>(0xff));
  InviteBytes invite;
  invite.fill(0xff);
  EXPECT_EQ(send.to[0].invite, invite);
  EXPECT_EQ(send.to[1].device, Address{});
  EXPECT_FALSE(send.to[1].invite);
  EXPECT_EQ(send.ttl, seconds{0});
  EXPECT_EQ(send.urgency, mailbox::Urgency::very_low);
  EXPECT_EQ(send.topic, "a-Z_9");
  EXPECT_TRUE(send.receipt);
  EXPECT_EQ(send.payload.size(), 5U);
  EXPECT_EQ(recorder.payloads.at(0), "hello");
}

TEST(TextDecoder, GivesASendTheDefaultsAndForgetsTheLastOne) {
  const Limits limits;
  Decoder decoder{limits};
  Recorder recorder;
  std::string full = R"({"type":"send","id":")" + id_ff + R"(","to":[{"device":")" + address_ff + R"(","invite":")" + invite_ff +
                     R"("}],"payload":"aGVsbG8","ttl":5,"urgency":"high","topic":"t","receipt":true})";
  std::string bare = R"({"type":"send","id":")" + id_00 + R"(","to":[{"device":")" + address_ff + R"("}],"payload":""})";
  for (std::string* const text : {&full, &bare}) {
    decoder.decode(Encoding::json, Frame::text, frame_of(*text), recorder, recorder);
  }
  const Send& send = std::get<Send>(recorder.items.at(1));
  EXPECT_FALSE(send.ttl);
  EXPECT_EQ(send.urgency, mailbox::Urgency::normal);
  EXPECT_TRUE(send.topic.empty());
  EXPECT_FALSE(send.receipt);
  ASSERT_EQ(send.to.size(), 1U);
  EXPECT_FALSE(send.to[0].invite);
  EXPECT_EQ(send.payload.size(), 0U);
  EXPECT_EQ(recorder.payloads.at(1), "");
}

TEST(TextDecoder, ShortensAHugeTtlToWhatFits) {
  for (const char* const ttl : {"4294967296", "18446744073709551615"}) {
    Recorder recorder;
    decode_text(R"({"type":"send","id":")" + id_ff + R"(","to":[{"device":")" + address_ff + R"("}],"payload":"","ttl":)" +
        ttl + "}",
                recorder);
    EXPECT_EQ(recorder.only<Send>().ttl, seconds{4294967295}) << ttl;
  }
}

TEST(TextDecoder, ReadsBothFormsOfAnAck) {
  Recorder recorder;
  decode_text(R"({"type":"ack","up_to":18446744073709551615})", recorder);
  decode_text(R"({"type":"ack","seqs":[3,1,18446744073709551615]})", recorder);
  decode_text(R"({"type":"ack","up_to":7,"seqs":[]})", recorder);
  EXPECT_EQ(std::get<Ack>(recorder.items.at(0)).up_to, 18446744073709551615U);
  EXPECT_TRUE(std::get<Ack>(recorder.items.at(0)).seqs.empty());
  EXPECT_EQ(std::get<Ack>(recorder.items.at(1)).up_to, 0U);
  EXPECT_EQ(std::get<Ack>(recorder.items.at(1)).seqs, (std::vector<Seq>{3, 1, 18446744073709551615U}));
  EXPECT_EQ(std::get<Ack>(recorder.items.at(2)).up_to, 7U);
  EXPECT_TRUE(std::get<Ack>(recorder.items.at(2)).seqs.empty());
}

TEST(TextDecoder, ForgetsTheLastAck) {
  const Limits limits;
  Decoder decoder{limits};
  Recorder recorder;
  std::string first = R"({"type":"ack","up_to":7,"seqs":[1,2]})";
  std::string second = R"({"type":"ack","seqs":[9]})";
  std::string third = R"({"type":"ack","up_to":8})";
  for (std::string* const text : {&first, &second, &third}) {
    decoder.decode(Encoding::json, Frame::text, frame_of(*text), recorder, recorder);
  }
  EXPECT_EQ(std::get<Ack>(recorder.items.at(1)).up_to, 0U);
  EXPECT_EQ(std::get<Ack>(recorder.items.at(1)).seqs, std::vector<Seq>{9});
  EXPECT_TRUE(std::get<Ack>(recorder.items.at(2)).seqs.empty());
}

TEST(TextDecoder, ReadsARecall) {
  Recorder recorder;
  decode_text(R"({"type":"recall","id":")" + id_ff + R"(","device":")" + address_ff + R"("})", recorder);
  EXPECT_EQ(recorder.only<Recall>().id, filled<MessageId>(0xff));
  EXPECT_EQ(recorder.only<Recall>().device, filled<Address>(0xff));
}

TEST(TextDecoder, ReadsAMailboxChangeWithAnyOfItsFields) {
  Recorder recorder;
  decode_text(R"({"type":"mailbox","senders":"invited"})", recorder);
  decode_text(R"({"type":"mailbox","generation":3,"revoked":[]})", recorder);
  decode_text(R"({"type":"mailbox","window":4294967295,"min_urgency":"low"})", recorder);
  decode_text(R"({"type":"mailbox"})", recorder);
  const auto at = [&](std::size_t i) { return std::get<MailboxChange>(recorder.items.at(i)).mailbox; };
  EXPECT_EQ(at(0).anyone, false);
  EXPECT_FALSE(at(0).generation || at(0).revoked || at(0).window || at(0).min_urgency);
  EXPECT_EQ(at(1).generation, 3U);
  EXPECT_EQ(at(1).revoked, std::vector<InviteLabel>{});
  EXPECT_EQ(at(2).window, 4294967295U);
  EXPECT_EQ(at(2).min_urgency, mailbox::Urgency::low);
  EXPECT_FALSE(at(3).anyone || at(3).generation || at(3).revoked || at(3).window || at(3).min_urgency);
}

TEST(TextDecoder, IgnoresUnknownFields) {
  Recorder recorder;
  decode_text(R"({"x":{"payload":"inner"},"type":"ping","type2":[1,2.5,null,"\u00e9é"],"payload":"AAAA"})", recorder);
  recorder.only<Ping>();
}

TEST(TextDecoder, ReadsControlMessagesInABinarySessionToo) {
  Recorder recorder;
  decode_text(R"({"type":"ping"})", recorder, {}, Encoding::binary);
  recorder.only<Ping>();
}

TEST(TextDecoder, FindsAPayloadWhoseKeyIsWrittenWithEscapes) {
  Recorder recorder;
  decode_text(R"({"type":"send","id":")" + id_ff + R"(","to":[{"device":")" + address_ff +
                  R"("}],"p\u0061ylo\u0061d" : "aGVsbG8"})",
              recorder);
  EXPECT_EQ(recorder.payloads.at(0), "hello");
}

TEST(TextDecoder, ReadsNothingOnceTheSessionIsDecidedToEnd) {
  Recorder recorder;
  recorder.close_after = 0;
  decode_text(R"({"type":"ping"})", recorder);
  EXPECT_TRUE(recorder.items.empty());
}

TEST(TextDecoder, LeavesThePayloadInTheFrameAsItWas) {
  const Limits limits;
  Decoder decoder{limits};
  Recorder recorder;
  std::string text = R"({"type":"send","payload":"aGVsbG8","id":")" + id_ff + R"(","to":[{"device":")" + address_ff + R"("}]})";
  const std::string before = text;
  decoder.decode(Encoding::json, Frame::text, frame_of(text), recorder, recorder);
  EXPECT_EQ(text, before);
  recorder.only<Send>();
}

}  // namespace
}  // namespace lethe::wire
