#include "net/departing_state.hpp"

#include <lethe/base/wipe.hpp>

#include "base/big_endian.hpp"
#include "net/worker.hpp"

namespace lethe::net {

DepartingState::DepartingState(RelayContext& relay, Instant now)
    : relay_{relay}, now_{now}, memory_(prefix + wire::longest_moved_frame), encoder_{std::span{memory_}.subspan(prefix), shared_} {}

DepartingState::~DepartingState() { wipe(std::span{memory_}.first(prefix + encoder_.frame().size())); }

std::span<const std::uint8_t> DepartingState::next_frame() {
  wipe(std::span{memory_}.first(prefix + encoder_.frame().size()));
  encoder_.clear();
  fill();
  const auto size = static_cast<std::uint32_t>(encoder_.frame().size());
  store_big_endian(size, memory_.data());
  return std::span{memory_}.first(prefix + size);
}

void DepartingState::fill() {
  while (!encoder_.full()) {
    if (!shard_ && next_shard_ == relay_.workers.size()) return end();
    if (!shard_) {
      shard_.emplace(relay_.workers[next_shard_]->engine(), now_);
      encoder_.shard(static_cast<std::uint32_t>(next_shard_), static_cast<std::uint32_t>(relay_.workers.size()), shard_->seq_floor());
      ++next_shard_;
    }
    if (!shard_->step(encoder_)) shard_.reset();
  }
}

void DepartingState::end() {
  for (const auto& worker : relay_.workers) {
    std::vector<std::uint64_t> counters;
    worker->tally().for_each_lasting([&](const Counter& counter) { counters.push_back(counter.value()); });
    encoder_.counters(counters);
  }
  if (relay_.tls) {
    std::vector<std::uint8_t> tickets = relay_.tls->move_out_tickets();
    encoder_.ticket_keys(tickets);
    wipe(std::span{tickets});
  }
  encoder_.end();
  ended_ = true;
}

}  // namespace lethe::net
