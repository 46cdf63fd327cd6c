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
};

// Those of one thread, in its loop. A peer's tag is twice its pair's place, and one more for a receiver.
inline std::vector<Pair> connect_pairs(const Options& options, unsigned thread, const Loop& loop) {
  std::vector<Pair> pairs;
  for (std::size_t number = thread; number < options.pairs; number += options.threads) {
    Pair& pair = pairs.emplace_back();
    pair.to = 2 * number + 1;
    pair.receiver = connect(options.server, pair.to, Purpose::receive);
    pair.sender = connect(options.server, 2 * number, Purpose::send);
    pair.sender->tag = 2 * (pairs.size() - 1);
    pair.receiver->tag = pair.sender->tag + 1;
    loop.watch(*pair.receiver);
    loop.watch(*pair.sender);
  }
  return pairs;
}

}  // namespace lethe::bench
