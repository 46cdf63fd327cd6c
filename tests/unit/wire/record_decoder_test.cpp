#include <gtest/gtest.h>

#include "unit/wire/naive.hpp"
#include "unit/wire/recorder.hpp"

namespace lethe::wire {
namespace {

using naive::append;
using naive::Bytes;
using naive::Draft;
using naive::with_length;

Draft draft_to(std::size_t recipients) {
  Draft draft;
  draft.id = filled<MessageId>(0xff);
  draft.to.resize(recipients);
  draft.payload = {'h', 'i'};
  return draft;
}

// The refusal of a binary message with this one record.
Fault refusal_of(const Bytes& record, const Limits& limits = {}) {
  Recorder recorder;
  decode_binary(with_length(record), recorder, limits);
  return recorder.only<Fault>();
}

void expect_refused(const Bytes& record, ErrorCode code, const Limits& limits = {}) {
  const Fault fault = refusal_of(record, limits);
  EXPECT_FALSE(fault.fatal);
  EXPECT_EQ(fault.code, code);
  EXPECT_EQ(fault.id, filled<MessageId>(0xff));
  EXPECT_FALSE(fault.detail.empty());
}

void expect_fatal(const Bytes& frame) {
  Recorder recorder;
  decode_binary(frame, recorder);
  ASSERT_FALSE(recorder.items.empty());
  const Fault* const fault = std::get_if<Fault>(&recorder.items.back());
  ASSERT_NE(fault, nullptr);
  EXPECT_TRUE(fault->fatal);
  EXPECT_EQ(fault->code, ErrorCode::malformed);
  EXPECT_FALSE(fault->id);
}

TEST(RecordDecoder, ReadsASendByItsBytes) {
  Bytes frame{0, 0, 0, 157, 0x01, 0x07};                                          // length, kind, receipt and high
  append(frame, Bytes(16, 0xff));                                                // id
  append(frame, Bytes{0, 1, 0x51, 0x80, 3, 'a', '-', '9', 0, 2});                // ttl 86400, topic, 2 recipients
  append(frame, Bytes(32, 0x11));
  frame.push_back(0);
  append(frame, Bytes(32, 0x22));
  frame.push_back(0);
  append(frame, Bytes(60, 0));
  frame[3] = static_cast<std::uint8_t>(frame.size() - 4);
  Recorder recorder;
  decode_binary(frame, recorder);
  const Send& send = recorder.only<Send>();
  EXPECT_EQ(send.id, filled<MessageId>(0xff));
  EXPECT_TRUE(send.receipt);
  EXPECT_EQ(send.urgency, mailbox::Urgency::high);
  EXPECT_EQ(send.ttl, seconds{86400});
  EXPECT_EQ(send.topic, "a-9");
  ASSERT_EQ(send.to.size(), 2U);
  EXPECT_EQ(send.to[0].device, filled<Address>(0x11));
  EXPECT_EQ(send.to[1].device, filled<Address>(0x22));
  EXPECT_FALSE(send.to[0].invite || send.to[1].invite);
  EXPECT_EQ(recorder.payloads.at(0), std::string(60, '\0'));
}

TEST(RecordDecoder, ReadsInvites) {
  Draft draft = draft_to(2);
  draft.to[0].invite.emplace().fill(0xaa);
  Recorder recorder;
  decode_binary(with_length(send_record(draft)), recorder);
  const Send& send = recorder.only<Send>();
  ASSERT_TRUE(send.to[0].invite);
  EXPECT_EQ(*send.to[0].invite, *draft.to[0].invite);
  EXPECT_FALSE(send.to[1].invite);
  EXPECT_EQ(recorder.payloads.at(0), "hi");
}

TEST(RecordDecoder, ReadsAnAckByItsBytes) {
  Recorder recorder;
  decode_binary({0, 0, 0, 27, 0x02, 0, 0, 0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 5, 0x80, 0, 0, 0, 0, 0, 0, 6}, recorder);
  EXPECT_EQ(recorder.only<Ack>().up_to, 256U);
  EXPECT_EQ(recorder.only<Ack>().seqs, (std::vector<Seq>{5, 0x8000000000000006U}));
}

TEST(RecordDecoder, ReadsABatchInOrderAndForgetsTheLastRecord) {
  Draft first = draft_to(1);
  first.to[0].invite.emplace().fill(1);
  first.topic = "t";
  first.receipt = true;
  Draft second = draft_to(1);
  second.payload.clear();
  Bytes frame = with_length(send_record(first));
  append(frame, with_length(naive::ack_record({9, {1, 2}})));
  append(frame, with_length(send_record(second)));
  append(frame, with_length(naive::ack_record({0, {}})));
  Recorder recorder;
  decode_binary(frame, recorder);
  ASSERT_EQ(recorder.items.size(), 4U);
  EXPECT_EQ(std::get<Send>(recorder.items[0]).topic, "t");
  EXPECT_EQ(std::get<Ack>(recorder.items[1]).seqs.size(), 2U);
  EXPECT_TRUE(std::get<Send>(recorder.items[2]).topic.empty());
  EXPECT_FALSE(std::get<Send>(recorder.items[2]).receipt);
  EXPECT_FALSE(std::get<Send>(recorder.items[2]).to[0].invite);
  EXPECT_EQ(recorder.payloads, (std::vector<std::string>{"hi", ""}));
  EXPECT_TRUE(std::get<Ack>(recorder.items[3]).seqs.empty());
}

TEST(RecordDecoder, StopsWhereTheSessionIsDecidedToEnd) {
  Bytes frame;
  for (int i = 0; i < 3; ++i) append(frame, with_length(naive::ack_record({1, {}})));
  Recorder recorder;
  recorder.close_after = 2;
  decode_binary(frame, recorder);
  EXPECT_EQ(recorder.items.size(), 2U);
}

TEST(RecordDecoder, RefusesOneRecordAndReadsTheRest) {
  Bytes frame;
  for (const int kind : {0x00, 0x03, 0x81, 0x82, 0x83, 0xff}) append(frame, with_length({static_cast<std::uint8_t>(kind), 1, 2}));
  append(frame, with_length(naive::ack_record({1, {}})));
  Recorder recorder;
  decode_binary(frame, recorder);
  ASSERT_EQ(recorder.items.size(), 7U);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(std::get<Fault>(recorder.items[i]).code, ErrorCode::unsupported);
    EXPECT_FALSE(std::get<Fault>(recorder.items[i]).fatal);
  }
  EXPECT_EQ(std::get<Ack>(recorder.items[6]).up_to, 1U);
}

TEST(RecordDecoder, RefusesValuesThatTheProtocolDoesNotAllow) {
  for (const unsigned flag : {0x08U, 0x10U, 0x20U, 0x40U, 0x80U}) {
    Bytes record = send_record(draft_to(1));
    record[1] = static_cast<std::uint8_t>(record[1] | flag);
    expect_refused(record, ErrorCode::malformed);
  }
  for (const std::string& topic : {std::string("a b"), std::string("\xc3\xa9"), std::string("\0", 1), std::string(33, 't')}) {
    Draft draft = draft_to(1);
    draft.topic = topic;
    expect_refused(send_record(draft), ErrorCode::malformed);
  }
  expect_refused(send_record(draft_to(0)), ErrorCode::malformed);
  for (const unsigned length : {1U, 2U, 91U, 93U}) {
    Draft draft = draft_to(1);
    draft.payload.assign(100, 0);
    Bytes record = send_record(draft);
    record[25 + 32] = static_cast<std::uint8_t>(length);
    expect_refused(record, ErrorCode::malformed);
  }
}

TEST(RecordDecoder, BoundsRecipientsAndPayloadExactly) {
  Limits limits;
  limits.message.recipients = 3;
  limits.message.payload = 2;
  Recorder recorder;
  decode_binary(with_length(send_record(draft_to(3))), recorder, limits);
  EXPECT_EQ(recorder.only<Send>().to.size(), 3U);
  expect_refused(send_record(draft_to(4)), ErrorCode::too_many_recipients, limits);
  Draft large = draft_to(1);
  large.payload.push_back('!');
  expect_refused(send_record(large), ErrorCode::too_large, limits);
}

TEST(RecordDecoder, EndsTheSessionOnWrongLengths) {
  expect_fatal({});
  for (const std::size_t size : {1U, 2U, 3U, 4U}) expect_fatal(Bytes(size, 0));
  expect_fatal({0, 0, 0, 0, 2});
  expect_fatal({0xff, 0xff, 0xff, 0xff, 2});
  expect_fatal({0, 0, 0, 2, 2});
  Bytes trailing = with_length(naive::ack_record({1, {}}));
  trailing.push_back(0);
  expect_fatal(trailing);
}

TEST(RecordDecoder, ReadsNothingBehindItsFrame) {
  Bytes memory = with_length(send_record(draft_to(1)));
  const std::span<std::uint8_t> frame{memory.data(), memory.size() - 1};
  const Limits limits;
  Decoder decoder{limits};
  Recorder recorder;
  recorder.close_after = 1;
  decoder.decode(Encoding::binary, Frame::binary, frame, recorder, recorder);
  ASSERT_EQ(recorder.items.size(), 1U);
  const Fault* const fault = std::get_if<Fault>(&recorder.items.front());
  ASSERT_NE(fault, nullptr) << "the record reaches a byte further than the frame";
  EXPECT_TRUE(fault->fatal);
}

TEST(RecordDecoder, EndsTheSessionOnAnAckThatDoesNotFit) {
  Bytes longer = naive::ack_record({1, {2}});
  longer.push_back(0);
  expect_fatal(with_length(longer));
  Bytes miscounted = naive::ack_record({1, {2}});
  miscounted[10] = 2;
  expect_fatal(with_length(miscounted));
  miscounted[10] = 0;
  expect_fatal(with_length(miscounted));
}

TEST(RecordDecoder, EndsTheSessionOnMoreRecipientsThanFit) {
  Bytes record = send_record(draft_to(1));
  record[23] = 0xff;
  record[24] = 0xff;
  expect_fatal(with_length(record));
}

TEST(RecordDecoder, EndsTheSessionOnAFrameCutShortAnywhere) {
  Draft draft = draft_to(2);
  draft.to[1].invite.emplace().fill(7);
  draft.topic = "t";
  const Bytes first = with_length(send_record(draft));
  Bytes frame = first;
  append(frame, with_length(naive::ack_record({1, {2}})));
  for (std::size_t size = 0; size < frame.size(); ++size) {
    if (size == first.size()) continue;
    expect_fatal({frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size)});
  }
}

TEST(RecordDecoder, EndsTheSessionOnARecordCutShortAnywhereBeforeItsPayload) {
  Draft draft = draft_to(2);
  draft.to[1].invite.emplace().fill(7);
  draft.topic = "t";
  const Bytes send = send_record(draft);
  const Bytes ack = naive::ack_record({1, {2}});
  for (std::size_t size = 1; size < send.size() - draft.payload.size(); ++size) {
    expect_fatal(with_length({send.begin(), send.begin() + static_cast<std::ptrdiff_t>(size)}));
  }
  for (std::size_t size = 1; size < ack.size(); ++size) {
    expect_fatal(with_length({ack.begin(), ack.begin() + static_cast<std::ptrdiff_t>(size)}));
  }
}

TEST(RecordDecoder, HandsOverWhatCameBeforeTheBrokenRecord) {
  Bytes frame = with_length(naive::ack_record({1, {}}));
  append(frame, Bytes{0, 0, 0, 9});
  Recorder recorder;
  decode_binary(frame, recorder);
  ASSERT_EQ(recorder.items.size(), 2U);
  EXPECT_EQ(std::get<Ack>(recorder.items[0]).up_to, 1U);
  EXPECT_TRUE(std::get<Fault>(recorder.items[1]).fatal);
}

// More than one call decodes, each of an unknown kind.
Bytes one_record_too_many() {
  Bytes frame;
  for (std::size_t i = 0; i < Decoder::records_at_once + 1; ++i) append(frame, with_length(Bytes{0x7f}));
  return frame;
}

TEST(RecordDecoder, HandsBackWhatIsBeyondOneCall) {
  Bytes frame = one_record_too_many();
  const Limits limits;
  Decoder decoder{limits};
  Recorder recorder;
  const auto rest = decoder.decode(Encoding::binary, Frame::binary, frame, recorder, recorder);
  EXPECT_EQ(recorder.items.size(), Decoder::records_at_once);
  EXPECT_EQ(rest.size(), 5U);
  EXPECT_TRUE(decoder.decode(Encoding::binary, Frame::binary, rest, recorder, recorder).empty());
  EXPECT_EQ(recorder.items.size(), Decoder::records_at_once + 1);
}

TEST(RecordDecoder, LeavesNothingToDoForAClosedSession) {
  Bytes frame = one_record_too_many();
  const Limits limits;
  Decoder decoder{limits};
  Recorder recorder;
  recorder.close_after = 3;
  EXPECT_TRUE(decoder.decode(Encoding::binary, Frame::binary, frame, recorder, recorder).empty());
  EXPECT_EQ(recorder.items.size(), 3U);
}

}  // namespace
}  // namespace lethe::wire
