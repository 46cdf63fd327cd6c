#include <gtest/gtest.h>

#include "unit/wire/naive.hpp"
#include "unit/wire/recorder.hpp"

namespace lethe::wire {
namespace {

Fault refusal_of(const std::string& text, const Limits& limits = {}, Encoding encoding = Encoding::json) {
  Recorder recorder;
  decode_text(text, recorder, limits, encoding);
  if (recorder.items.size() != 1 || !std::holds_alternative<Fault>(recorder.items[0])) {
    ADD_FAILURE() << "not refused: " << text;
    return {};
  }
  return std::get<Fault>(recorder.items[0]);
}

void expect_fatal(const std::string& text, const Limits& limits = {}) {
  const Fault fault = refusal_of(text, limits);
  EXPECT_TRUE(fault.fatal) << text;
  EXPECT_EQ(fault.code, ErrorCode::malformed) << text;
  EXPECT_FALSE(fault.detail.empty());
}

void expect_refused(const std::string& text, ErrorCode code, bool with_id, const Limits& limits = {}) {
  const Fault fault = refusal_of(text, limits);
  EXPECT_FALSE(fault.fatal) << text;
  EXPECT_EQ(fault.code, code) << text;
  EXPECT_EQ(fault.id.has_value(), with_id) << text;
  EXPECT_FALSE(fault.detail.empty());
  if (with_id) {
    EXPECT_EQ(fault.id, filled<MessageId>(0xff));
  }
}

// A send with the fields given instead of the usual ones; an empty one is left out.
struct Fields {
  std::string id = R"("id":")" + id_ff + "\"";
  std::string to = R"("to":[{"device":")" + address_ff + R"("}])";
  std::string payload = R"("payload":"AAAA")";
  std::string more = {};
  std::string text() const {
    std::string all = R"({"type":"send")";
    for (const std::string& field : {id, to, payload, more}) all += field.empty() ? "" : "," + field;
    return all + "}";
  }
};

TEST(TextRefusal, EndsTheSessionOnWhatIsNoJsonObject) {
  const char* const texts[] = {
      "", " ", "null", "1", "\"ping\"", "[]", "{", "}", "{}}", "{\"type\":\"ping\"", "{\"type\":\"ping\",}",
      "{\"type\":\"ping\"} x", "{\"type\":\"ping\"}{}", "{type:\"ping\"}", "{\"type\":'ping'}", "{\"type\":\"ping\"/**/}",
      "{\"a\":1e999}", "{\"a\":\"\\ud800\"}", "{\"a\":\"\t\"}", "{\"a\" \"b\"}", "{\"payload\":\"AAAA\":1}",
      "{\"payload\":\"AAAA}", "{\"payload\":\"A\",\"payload\":\"A", "{\"payload\":\"\\\"}", "{\"a\":\"payload\":\"AAAA\"}",
  };
  for (const char* const text : texts) {
    expect_fatal(text);
  }
}

TEST(TextRefusal, EndsTheSessionOnBytesThatAreNoUtf8) {
  expect_fatal("{\"type\":\"ping\",\"a\":\"\xff\"}");
  expect_fatal("{\"type\":\"ping\",\"\xc0\x80\":1}");
  expect_fatal(Fields{.payload = "\"payload\":\"AAAA\xff\""}.text());
  expect_fatal(Fields{.payload = "\"payload\":\"\xed\xa0\x80\""}.text());
  expect_fatal(Fields{.payload = "\"payload\":\"AA\nAA\""}.text());
  expect_fatal(Fields{.more = "\"payload\":\"AAAA\xff\""}.text());
}

TEST(TextRefusal, SeesWhatFollowsANul) {
  expect_fatal(std::string("{\"type\":\"ping\"}\0 junk", 21));
  expect_fatal(std::string("{\"type\":\"ping\"}\0", 16));
}

TEST(TextRefusal, EndsTheSessionOnATextCutShortAnywhere) {
  const std::string whole = Fields{.more = R"("topic":"t","ttl":5)"}.text();
  Recorder recorder;
  decode_text(whole, recorder);
  recorder.only<Send>();
  for (std::size_t size = 0; size < whole.size(); ++size) expect_fatal(whole.substr(0, size));
}

TEST(TextRefusal, BoundsTheNestingExactly) {
  const auto nested = [](unsigned depth) {
    return R"({"type":"ping","x":)" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
  };
  Limits limits;
  Recorder recorder;
  decode_text(nested(limits.session.json_depth), recorder, limits);
  recorder.only<Ping>();
  expect_fatal(nested(limits.session.json_depth + 1), limits);
  limits.session.json_depth = 20;
  decode_text(nested(20), recorder, limits);
  EXPECT_EQ(recorder.items.size(), 2U);
  expect_fatal(nested(21), limits);
  // Brackets within strings are no nesting.
  decode_text(R"({"type":"ping","x":"[[[[[[[[[[[[[[[[[[[[[\"[["})", recorder);
  EXPECT_EQ(recorder.items.size(), 3U);
}

TEST(TextRefusal, TakesNoTextWithTooManyValues) {
  Limits limits;
  limits.session.frame = 16'000;
  const auto with_values = [](std::size_t count) {
    std::string list = "0";
    for (std::size_t i = 1; i < count; ++i) list += ",0";
    return R"({"type":"ping","x":[)" + list + "]}";
  };
  Recorder recorder;
  decode_text(with_values(998), recorder, limits);
  EXPECT_TRUE(std::holds_alternative<Ping>(recorder.items.front()));
  const Fault fault = refusal_of(with_values(999), limits);
  EXPECT_TRUE(fault.fatal);
  EXPECT_EQ(fault.code, ErrorCode::malformed);
}

TEST(TextRefusal, TellsASendToFarTooManyRecipientsSo) {
  std::string to;
  const std::string recipient = R"({"device":")" + address_ff + "\"}";
  while (to.size() < 1'000'000) to += (to.empty() ? "" : ",") + recipient;
  const Fault fault = refusal_of(R"({"type":"send","id":")" + id_ff + R"(","to":[)" + to + R"(],"payload":""})");
  EXPECT_EQ(fault.code, ErrorCode::too_many_recipients);
  EXPECT_FALSE(fault.fatal);
}

TEST(TextRefusal, TellsAnUnknownTypeFromNone) {
  for (const char* const type : {"hello", "sent", "deliver", "ready", "pong", "error", "", "Ping", "ping "}) {
    expect_refused(R"({"type":")" + std::string(type) + "\"}", ErrorCode::unsupported, false);
  }
  for (const char* const text : {"{}", R"({"type":1})", R"({"type":null})", R"({"Type":"ping"})", R"({"type":["ping"]})"}) {
    expect_refused(text, ErrorCode::malformed, false);
  }
}

TEST(TextRefusal, TakesSendAndAckAsRecordsOnlyInABinarySession) {
  for (const std::string& text : {Fields{}.text(), std::string(R"({"type":"ack","up_to":1})")}) {
    const Fault fault = refusal_of(text, {}, Encoding::binary);
    EXPECT_EQ(fault.code, ErrorCode::unsupported);
    EXPECT_FALSE(fault.fatal);
  }
}

TEST(TextRefusal, TakesNoBinaryMessageInAJsonSession) {
  const Limits limits;
  Decoder decoder{limits};
  Recorder recorder;
  naive::Bytes frame = naive::with_length(naive::ack_record({1, {}}));
  decoder.decode(Encoding::json, Frame::binary, frame, recorder, recorder);
  EXPECT_TRUE(recorder.only<Fault>().fatal);
  EXPECT_EQ(recorder.only<Fault>().code, ErrorCode::malformed);
}

TEST(TextRefusal, NamesTheSendWhereItsIdCouldBeRead) {
  const std::string bad_ids[] = {"", R"("id":1)", R"("id":"")", R"("id":")" + id_ff + "w\"", R"("id":")" + id_ff.substr(1) + "\"",
                                 R"("id":")" + std::string(22, '_') + "\"", R"("id":")" + id_ff.substr(0, 21) + "=\""};
  for (const std::string& id : bad_ids) expect_refused(Fields{.id = id}.text(), ErrorCode::malformed, false);

  const std::string bad_more[] = {R"("ttl":-1)", R"("ttl":1.0)", R"("ttl":"1")", R"("ttl":null)", R"("ttl":1e3)",
      R"("urgency":"urgent")",
                                  R"("urgency":2)", R"("urgency":"High")", R"("topic":"")", R"("topic":"a b")", R"("topic":"é")",
                                  R"("topic":7)", R"("topic":null)", R"("receipt":"true")", R"("receipt":1)",
                                  R"("topic":")" + std::string(33, 't') + "\""};
  for (const std::string& more : bad_more) expect_refused(Fields{.more = more}.text(), ErrorCode::malformed, true);

  const std::string good = R"({"device":")" + address_ff + "\"}";
  const std::string bad_to[] = {"", R"("to":[])", R"("to":{})", R"("to":[1])", R"("to":[{}])", R"("to":[)" + good + ",{}]",
                                R"("to":")" + address_ff + "\"", R"("to":[{"device":")" + address_ff + R"(","invite":""}])",
                                R"("to":[{"device":")" + address_ff + R"(","invite":null}])",
                                R"("to":[{"device":")" + address_ff + R"(","invite":")" + invite_ff + R"(AA"}])",
                                R"("to":[{"device":")" + address_ff.substr(1) + R"("}])"};
  for (const std::string& to : bad_to) expect_refused(Fields{.to = to}.text(), ErrorCode::malformed, true);
}

TEST(TextRefusal, TakesNothingButBase64urlAsAPayload) {
  const std::string bad[] = {"", R"("payload":1)", R"("payload":null)", R"("payload":["AAAA"])", R"("payload":"A")",
      R"("payload":"AAAAA")",
                             R"("payload":"AAA=")", R"("payload":"AA+A")", R"("payload":"AA/A")", R"("payload":"AA A")",
                             R"("payload":"AA\u0041A")", R"("payload":"AA\"A")", R"("payload":"AA\\A")", R"("payload":"é")",
                             R"("Payload":"AAAA")"};
  for (const std::string& payload : bad) expect_refused(Fields{.payload = payload}.text(), ErrorCode::malformed, true);
}

TEST(TextRefusal, LeavesTheBitsBehindTheLastByteToTheWriter) {
  Recorder recorder;
  decode_text(Fields{.payload = R"("payload":"AAF")"}.text(), recorder);
  recorder.only<Send>();
  EXPECT_EQ(recorder.payloads.at(0), "(not stored)");
  EXPECT_EQ(recorder.held(), 0U);
}

TEST(TextRefusal, TakesOnePayloadOnlyAndOverwritesTheOther) {
  expect_refused(Fields{.more = R"("payload":"BBBB")"}.text(), ErrorCode::malformed, true);
  expect_refused(Fields{.more = R"("payload":1)"}.text(), ErrorCode::malformed, true);
  expect_refused(Fields{.payload = R"("payload":1)", .more = R"("p\u0061yload":"BBBB")"}.text(), ErrorCode::malformed, true);

  std::string text = Fields{.more = R"("payload":"BBBB")"}.text();
  const Limits limits;
  Decoder decoder{limits};
  Recorder recorder;
  decoder.decode(Encoding::json, Frame::text, frame_of(text), recorder, recorder);
  EXPECT_EQ(text.find("BBBB"), std::string::npos);
}

TEST(TextRefusal, BoundsThePayloadExactly) {
  Limits limits;
  limits.message.payload = 10;
  const auto payload = [](std::size_t size) { return R"("payload":")" + naive::base64url(naive::Bytes(size, 'x')) + "\""; };
  Recorder recorder;
  decode_text(Fields{.payload = payload(10)}.text(), recorder, limits);
  EXPECT_EQ(recorder.payloads.at(0), "xxxxxxxxxx");
  expect_refused(Fields{.payload = payload(11)}.text(), ErrorCode::too_large, true, limits);
}

TEST(TextRefusal, BoundsTheRecipientsExactly) {
  Limits limits;
  limits.message.recipients = 3;
  const auto to = [](std::size_t count) {
    std::string list;
    for (std::size_t i = 0; i < count; ++i) list += (i == 0 ? "" : ",") + (R"({"device":")" + address_ff) + "\"}";
    return R"("to":[)" + list + "]";
  };
  Recorder recorder;
  decode_text(Fields{.to = to(3)}.text(), recorder, limits);
  EXPECT_EQ(recorder.only<Send>().to.size(), 3U);
  expect_refused(Fields{.to = to(4)}.text(), ErrorCode::too_many_recipients, true, limits);
}

TEST(TextRefusal, TakesATopicOf32Letters) {
  Recorder recorder;
  decode_text(Fields{.more = R"("topic":")" + std::string(32, 't') + "\""}.text(), recorder);
  EXPECT_EQ(recorder.only<Send>().topic.size(), 32U);
}

TEST(TextRefusal, WantsAnAuthWhole) {
  const std::string device = R"("device":")" + address_ff + "\"";
  const std::string signature = R"("signature":")" + signature_ff + "\"";
  const std::string bad[] = {device, signature, device + "," + R"("signature":")" + signature_ff.substr(1) + "\"",
                             R"("device":")" + address_ff + "A\"," + signature};
  for (const std::string& fields : bad) expect_refused(R"({"type":"auth",)" + fields + "}", ErrorCode::malformed, false);
  const std::string bad_more[] = {R"("admission":1)", R"("binding":"none")", R"("binding":true)", R"("epoch":"0123456789abcde")",
                                  R"("epoch":"0123456789abcdefa")", R"("epoch":"0123456789abcdeg")",
                                  R"("epoch":"-123456789abcdef")",
                                  R"("epoch":"0x23456789abcdef")", R"("epoch":1)", R"("mailbox":[])", R"("mailbox":null)",
                                  R"("mailbox":{"window":0})"};
  for (const std::string& more : bad_more) {
    expect_refused(R"({"type":"auth",)" + device + "," + signature + "," + more + "}", ErrorCode::malformed, false);
  }
}

TEST(TextRefusal, ChecksEveryFieldOfAMailbox) {
  const std::string bad[] = {R"("senders":"all")", R"("senders":true)", R"("senders":"")", R"("generation":-1)",
      R"("generation":4294967296)",
                             R"("generation":1.5)", R"("window":0)", R"("window":"1")", R"("window":4294967296)",
                             R"("min_urgency":"none")",
                             R"("revoked":{})", R"("revoked":[1])", R"("revoked":[")" + label_ff + R"(",""])",
                             R"("revoked":null)"};
  for (const std::string& field : bad) expect_refused(R"({"type":"mailbox",)" + field + "}", ErrorCode::malformed, false);
}

TEST(TextRefusal, BoundsTheRevokedLabelsExactly) {
  Limits limits;
  limits.mailbox.revoked = 2;
  const std::string label = "\"" + label_ff + "\"";
  Recorder recorder;
  decode_text(R"({"type":"mailbox","revoked":[)" + label + "," + label + "]}", recorder, limits);
  EXPECT_EQ(recorder.only<MailboxChange>().mailbox.revoked->size(), 2U);
  expect_refused(R"({"type":"mailbox","revoked":[)" + label + "," + label + "," + label + "]}", ErrorCode::malformed, false,
      limits);
}

TEST(TextRefusal, WantsSequenceNumbersInAnAck) {
  for (const char* const field : {"\"x\":1", R"("up_to":-1)", R"("up_to":1.0)", R"("up_to":"1")",
      R"("up_to":18446744073709551616)",
                                  R"("seqs":1)", R"("seqs":{})", R"("seqs":[-1])", R"("seqs":[1,"2"])", R"("seqs":[1.5])",
                                  R"("seqs":null)"}) {
    expect_refused(R"({"type":"ack",)" + std::string(field) + "}", ErrorCode::malformed, false);
  }
}

TEST(TextRefusal, WantsARecallWhole) {
  expect_refused(R"({"type":"recall","device":")" + address_ff + "\"}", ErrorCode::malformed, false);
  expect_refused(R"({"type":"recall","id":")" + id_ff + "\"}", ErrorCode::malformed, true);
  expect_refused(R"({"type":"recall","id":")" + id_ff + R"(","device":"x"})", ErrorCode::malformed, true);
}

}  // namespace
}  // namespace lethe::wire
