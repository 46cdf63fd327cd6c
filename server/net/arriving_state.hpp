#pragma once
// Takes what another relay held into this one, whose threads rest, frame by frame. The other may have had another number of
// threads: mailboxes go where their address belongs. What has no address (ids acknowledged lately, rates of invites) goes to the
// thread of the same number, or, where the numbers differ, to all of them: each then has those of its own among others.
#include <cstdint>
#include <span>
#include <vector>

#include "mailbox/arrival.hpp"
#include "mailbox/shared_payloads.hpp"
#include "net/relay_context.hpp"
#include "wire/moved_decoder.hpp"

namespace lethe::net {

class ArrivingState final : private wire::MovedFrames {
 public:
  enum class Outcome { taken, no_room, malformed };

  // What is left of every time is counted from `now`.
  ArrivingState(RelayContext& relay, Instant now);

  Outcome take(std::span<const std::uint8_t> frame);
  // All of it is here.
  bool complete() const noexcept { return complete_; }
  const wire::MovedTotals& totals() const noexcept { return totals_; }

 private:
  // Of one thread of the other relay.
  struct Unaddressed {
    std::vector<mailbox::MovedId> ids;
    std::vector<mailbox::MovedRate> rates;
  };

  bool shard(std::uint32_t number, std::uint32_t count, Seq floor) override;
  bool on(const mailbox::MovedMailbox& mailbox) override;
  bool on(const mailbox::MovedEntry& entry, const wire::MovedPayload& payload) override;
  bool on(const mailbox::MovedId& id) override;
  bool on(const mailbox::MovedRate& rate) override;
  bool counters(std::span<const std::uint64_t> values) override;
  bool ticket_keys(std::span<const std::uint8_t> keys) override;
  bool end(const wire::MovedTotals& totals) override;

  Outcome store(const wire::MovedPayload& from, mailbox::Payload& to);
  void distribute();
  bool keep(mailbox::Arrival::Outcome outcome);
  bool refuse(Outcome outcome);

  RelayContext& relay_;
  std::vector<mailbox::Arrival> arrivals_;   // one a thread
  unsigned home_ = 0;                        // of the mailbox that came last
  bool any_mailbox_ = false;
  std::vector<Unaddressed> unaddressed_;
  std::uint32_t shards_ = 0;                 // that the other has
  std::uint64_t ids_ = 0;
  std::uint64_t rates_ = 0;
  Seq floor_ = 1;
  mailbox::SharedPayloads shared_;
  wire::MovedTotals totals_;
  Outcome outcome_ = Outcome::taken;
  bool complete_ = false;
};

}  // namespace lethe::net
