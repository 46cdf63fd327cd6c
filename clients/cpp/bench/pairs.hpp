#pragma once
// Pairs of devices: a sender, and the one that it sends to. Messages begin with the time at which they should have been sent.
#include <cstring>
#include <memory>
#include <optional>
#include <vector>

#include "bench/loop.hpp"
#include "bench/workload.hpp"

namespace lethe::bench {

inline std::uint64_t nanoseconds(Clock::time_point at) { return static_cast<std::uint64_t>(at.time_since_epoch().count()); }

inline void stamp(Bytes& payload, Clock::time_point at) {
  const std::uint64_t number = nanoseconds(at);
  if (payload.size() >= sizeof number) std::memcpy(payload.data(), &number, sizeof number);
}

// Since its stamp; absent for a payload too short for one.
inline std::optional<std::uint64_t> age(View payload) {
  std::uint64_t sent = 0;
  if (payload.size() < sizeof sent) return std::nullopt;
  std::memcpy(&sent, payload.data(), sizeof sent);
  const std::uint64_t now = nanoseconds(Clock::now());
  return now > sent ? now - sent : 0;
}

struct Pair {
  std::unique_ptr<Peer> sender;
  std::unique_ptr<Peer> receiver;
  std::size_t to = 0;
  unsigned room = 0;       // messages that may still be sent
  bool heard = false;      // the receiver has had one
};

// Those of one thread, in its loop. A peer's tag is twice its pair's place, and one more for a receiver.
inline std::vector<Pair> connect_pairs(const Options& options, unsigned thread, const Loop& loop) {
  std::vector<std::size_t> senders;
  std::vector<std::size_t> receivers;
  for (std::size_t number = thread; number < options.pairs; number += options.threads) {
    senders.push_back(2 * number);
    receivers.push_back(2 * number + 1);
  }
  auto receiving = connect_all(options.server, receivers, Purpose::receive);
  auto sending = connect_all(options.server, senders, Purpose::send);
  std::vector<Pair> pairs(senders.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    pairs[i] = {std::move(sending[i]), std::move(receiving[i]), receivers[i], 0, false};
    pairs[i].sender->tag = 2 * i;
    pairs[i].receiver->tag = 2 * i + 1;
    loop.watch(*pairs[i].receiver);
    loop.watch(*pairs[i].sender);
  }
  return pairs;
}

}  // namespace lethe::bench
