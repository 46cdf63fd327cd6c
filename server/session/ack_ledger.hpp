#pragma once
// The acknowledgements of one session: which are under way in the engine, which pings wait for them, and how many
// deliveries still want one. Pure; no failure but memory.
//
// The engine answers acknowledgements in the order in which they were asked, one answer each.
#include <cstdint>
#include <vector>

namespace lethe::session {

class AckLedger {
 public:
  void asked() noexcept { ++asked_; }
  // One acknowledgement has been carried out and removed `removed` entries. Returns the pongs that are due now.
  std::uint64_t carried_out(std::uint32_t removed);

  // True: nothing was asked before it that is still under way, answer at once. False: it waits.
  bool ping();

  void delivered() noexcept { ++in_flight_; }
  std::uint64_t under_way() const noexcept { return asked_ - done_; }
  std::uint64_t pings_waiting() const noexcept { return pings_; }
  // Delivered and not acknowledged, at most: an entry that expired in flight counts until the session ends.
  std::uint64_t in_flight() const noexcept { return in_flight_; }

 private:
  struct Waiting {
    std::uint64_t after = 0;   // the number of the last ack that was asked before these pings
    std::uint64_t pings = 0;
  };
  std::uint64_t asked_ = 0;
  std::uint64_t done_ = 0;
  std::uint64_t in_flight_ = 0;
  std::uint64_t pings_ = 0;
  std::vector<Waiting> waiting_;   // `after` rises; empty but for engines that answer late
};

}  // namespace lethe::session
