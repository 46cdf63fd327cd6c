// The frames of a hand-over, into an engine: nothing is read beyond a frame, and whatever of it is taken leaves the engine in step.
#include <cstdint>
#include <span>
#include <vector>

#include "base/check.hpp"
#include "mailbox/arrival.hpp"
#include "support/memory_engine.hpp"
#include "wire/moved_decoder.hpp"
#include "wire/payload_writer.hpp"

namespace {

using namespace lethe;
using Outcome = mailbox::Arrival::Outcome;

constexpr Instant now{Monotonic{milliseconds{5'000'000}}, Wall{milliseconds{1'700'000'000'000}}};

// Without the threads of net/arriving_state.hpp.
class Taker final : public wire::MovedFrames {
 public:
  explicit Taker(test::MemoryEngine& engine) : engine_{engine}, arrival_{engine.memory(), now} {}

  bool shard(std::uint32_t, std::uint32_t, Seq floor) override {
    floor_ = floor;
    return true;
  }
  bool on(const mailbox::MovedMailbox& mailbox) override { return arrival_.take(mailbox) == Outcome::taken; }
  bool on(const mailbox::MovedEntry& entry, const wire::MovedPayload& from) override {
    mailbox::Payload payload;
    const bool here = from.form == wire::MovedPayloadForm::own || from.form == wire::MovedPayloadForm::first;
    if (here) payload = std::move(wire::PayloadWriter::store(from.source, engine_.arena()).payload);
    return arrival_.take(entry, std::move(payload)) == Outcome::taken;
  }
  bool on(const mailbox::MovedId& id) override {
    ids_.push_back(id);
    return true;
  }
  bool on(const mailbox::MovedRate&) override { return true; }
  bool counters(std::span<const std::uint64_t>) override { return true; }
  bool ticket_keys(std::span<const std::uint8_t>) override { return true; }
  bool end(const wire::MovedTotals&) override {
    arrival_.take(std::span<const mailbox::MovedId>{ids_});
    return ended_ = arrival_.finish(floor_) == Outcome::taken;
  }
  bool ended() const { return ended_; }

 private:
  test::MemoryEngine& engine_;
  mailbox::Arrival arrival_;
  std::vector<mailbox::MovedId> ids_;
  Seq floor_ = 1;
  bool ended_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  test::MemoryEngine engine{Limits{}};
  Taker taker{engine};
  const wire::MovedOutcome outcome = wire::decode_moved({bytes, size}, taker);
  if (outcome != wire::MovedOutcome::taken || !taker.ended()) return 0;
  LETHE_CHECK(engine.consistent());
  engine.mailboxes().sweep({now.mono + std::chrono::hours{24 * 400}, now.wall});
  LETHE_CHECK(engine.consistent());
  return 0;
}
