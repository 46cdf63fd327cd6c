// A message's way in: its send is parsed and the payload moved into the arena, as a session does; then dropped, which overwrites
// it. And its way out: the delivery, and the answer to the sender.
#include <string>
#include <vector>

#include "bench/micro/report.hpp"
#include "support/keys.hpp"
#include "unit/wire/naive.hpp"
#include "unit/wire/outgoing.hpp"
#include "unit/wire/recorder.hpp"

namespace lethe::bench {
namespace {

using wire::Encoding;
using wire::Frame;

Arena& arena() {
  static Arena made{Arena::Options{.size = 4 << 20, .locking = MemoryLocking::off, .shards = 1}};
  return made;
}

class Storer final : public wire::ClientMessages, public wire::Decoder::Faults {
 public:
  void on(const wire::Send& send) override {
    stored += wire::PayloadWriter::store(send.payload, arena().shard(0)).outcome == wire::PayloadWriter::Outcome::stored ? 1 : 0;
  }
  void on(const wire::Auth&) override {}
  void on(const wire::Ack&) override {}
  void on(const wire::Recall&) override {}
  void on(const wire::MailboxChange&) override {}
  void on(const wire::Ping&) override {}
  void on(const wire::Fault&) override {}
  bool open() const override { return true; }

  std::int64_t stored = 0;
};

// To one recipient, with an invite.
wire::naive::Draft draft(std::size_t payload) {
  const test::TestKey recipient{1};
  wire::naive::Draft draft;
  draft.id = wire::filled<MessageId>(7);
  draft.to.push_back({recipient.address(), test::make_invite(recipient)});
  draft.payload.assign(payload, 0x5a);
  return draft;
}

void decode(benchmark::State& state, Encoding encoding) {
  const auto size = static_cast<std::size_t>(state.range(0));
  std::vector<std::uint8_t> frame = wire::naive::with_length(wire::naive::send_record(draft(size)));
  if (encoding == Encoding::json) {
    const std::string text = wire::naive::send_text(draft(size));
    frame.assign(text.begin(), text.end());
  }
  const Limits limits;
  wire::Decoder decoder{limits};
  Storer storer;
  for (auto _ : state) decoder.decode(encoding, encoding == Encoding::json ? Frame::text : Frame::binary, frame, storer, storer);
  if (storer.stored != state.iterations()) state.SkipWithError("a message was refused");
  report(state, size);
}

void encode_delivery(benchmark::State& state, Encoding encoding) {
  const auto size = static_cast<std::size_t>(state.range(0));
  const mailbox::Payload payload = wire::payload_of(std::string(size, 'x'), arena().shard(0));
  const auto id = wire::filled<MessageId>(7);
  const mailbox::Delivery delivery{1'000'000, id, wire::wall(1'700'000'000'000), wire::wall(1'700'000'600'000), false, payload};
  const wire::Encoder encoder{encoding};
  std::vector<std::uint8_t> out(encoder.size_of(delivery));
  for (auto _ : state) {
    benchmark::DoNotOptimize(encoder.encode(delivery, out));
    benchmark::ClobberMemory();
  }
  report(state, size);
}

void encode_sent(benchmark::State& state, Encoding encoding) {
  const wire::Sent sent{wire::filled<MessageId>(7), 1, seconds{3'600}, {}};
  const wire::Encoder encoder{encoding};
  std::vector<std::uint8_t> out;
  for (auto _ : state) {
    out.clear();
    encoder.encode(sent, out);
    benchmark::DoNotOptimize(out.data());
  }
  report(state, out.size());
}

void decode_binary(benchmark::State& state) { decode(state, Encoding::binary); }
void decode_json(benchmark::State& state) { decode(state, Encoding::json); }
void encode_binary(benchmark::State& state) { encode_delivery(state, Encoding::binary); }
void encode_json(benchmark::State& state) { encode_delivery(state, Encoding::json); }
void encode_sent_binary(benchmark::State& state) { encode_sent(state, Encoding::binary); }
void encode_sent_json(benchmark::State& state) { encode_sent(state, Encoding::json); }

BENCHMARK(decode_binary)->Arg(256)->Arg(4'096);
BENCHMARK(decode_json)->Arg(256)->Arg(4'096);
BENCHMARK(encode_binary)->Arg(256)->Arg(4'096);
BENCHMARK(encode_json)->Arg(256)->Arg(4'096);
BENCHMARK(encode_sent_binary);
BENCHMARK(encode_sent_json);

}  // namespace
}  // namespace lethe::bench
