#pragma once
// All that a relay holds, as the frames of a hand-over, each made when it is asked for. While this lives the relay's threads rest.
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "mailbox/departure.hpp"
#include "mailbox/shared_payloads.hpp"
#include "net/relay_context.hpp"
#include "wire/moved_encoder.hpp"

namespace lethe::net {

class DepartingState {
 public:
  // `now`: what is left of every time is counted from there.
  DepartingState(RelayContext& relay, Instant now);
  ~DepartingState();   // overwrites the last frame
  DepartingState(const DepartingState&) = delete;
  DepartingState& operator=(const DepartingState&) = delete;

  // Every frame has been made.
  bool complete() const noexcept { return ended_; }
  // The next one, its length first; it overwrites the one before. Precondition: not complete.
  std::span<const std::uint8_t> next_frame();
  const wire::MovedTotals& totals() const noexcept { return encoder_.totals(); }

 private:
  static constexpr std::size_t prefix = sizeof(std::uint32_t);
  void fill();
  void end();

  RelayContext& relay_;
  Instant now_;
  std::vector<std::uint8_t> memory_;
  mailbox::SharedPayloads shared_;
  wire::MovedEncoder encoder_;
  std::size_t next_shard_ = 0;
  std::optional<mailbox::Departure> shard_;
  bool ended_ = false;
};

}  // namespace lethe::net
