#pragma once
// The books of a workload: which messages went out, which of them must arrive, whether they came as they were sent, and how long
// they were seen in each state.
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <lethe/base/ids.hpp>

#include "audit/report/report.hpp"

namespace lethe::audit {

class Ledger {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  // A message goes out to one recipient. Not yet due: it may still be refused.
  void sent(const MessageId& id, const Address& recipient, std::string payload);
  // It was accepted, and must arrive.
  void accepted(const MessageId& id, const Address& recipient, Instant at);
  // It will not arrive after all: expired, displaced, recalled.
  void withdrawn(const MessageId& id, const Address& recipient);
  // True where exactly these bytes were sent to that recipient with that id; a redelivery counts once.
  bool delivered(const MessageId& id, const Address& recipient, std::string_view payload, Instant at);
  void acknowledged(const MessageId& id, const Address& recipient, Instant at);
  // What this recipient has acknowledged so far has been carried out: the relay answered a later question.
  void overwritten(const Address& recipient, Instant at);

  unsigned messages() const noexcept { return messages_; }
  unsigned due() const noexcept { return due_; }
  unsigned received() const noexcept { return received_; }
  // accepted → delivered, delivered → acknowledged, acknowledged → overwritten; without those that have no sample.
  std::vector<Lifetime> lifetimes() const;

 private:
  enum class State : std::uint8_t { sent, accepted, delivered, acknowledged };
  struct Entry {
    std::string payload;
    State state = State::sent;
    bool received = false;
    Instant since{};
  };
  using Key = std::pair<Address, MessageId>;

  void advance(Entry& entry, State state, Instant at);
  void sample(std::size_t state, Instant from, Instant to);

  std::map<Key, Entry> entries_;
  unsigned messages_ = 0;
  unsigned due_ = 0;
  unsigned received_ = 0;
  std::array<Lifetime, 3> lifetimes_{{{"accepted to delivered", {}, 0},
                                      {"delivered to acknowledged", {}, 0},
                                      {"acknowledged to overwritten, as the client saw it", {}, 0}}};
};

}  // namespace lethe::audit
