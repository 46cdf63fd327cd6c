#include "mailbox/in_flight.hpp"

#include <algorithm>

namespace lethe::mailbox {
namespace {

// What an idle session may keep: 256 bytes.
constexpr std::size_t kKeptCapacity = 16;

constexpr auto before = [](const InFlight::Entry& entry, Seq seq) { return entry.seq < seq; };

}  // namespace

void InFlight::add(Entry entry, ByteCount bytes) {
  bytes_ += bytes;
  // Mostly at the end; in the middle after the bar for urgencies was lowered.
  entries_.insert(std::lower_bound(entries_.begin(), entries_.end(), entry.seq, before), entry);
}

std::size_t InFlight::find(Seq seq) const noexcept {
  const auto at = std::lower_bound(entries_.begin(), entries_.end(), seq, before);
  if (at == entries_.end() || at->seq != seq) return entries_.size();
  return static_cast<std::size_t>(at - entries_.begin());
}

std::size_t InFlight::count_up_to(Seq seq) const noexcept {
  const auto behind = std::upper_bound(entries_.begin(), entries_.end(), seq,
                                       [](Seq wanted, const Entry& entry) { return wanted < entry.seq; });
  return static_cast<std::size_t>(behind - entries_.begin());
}

void InFlight::erase(std::size_t position, ByteCount bytes) {
  bytes_ -= bytes;
  entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(position));
  rest();
}

void InFlight::erase_first(std::size_t count, ByteCount bytes) {
  bytes_ -= bytes;
  entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(count));
  rest();
}

void InFlight::rest() {
  if (entries_.empty() && entries_.capacity() > kKeptCapacity) std::vector<Entry>{}.swap(entries_);
}

}  // namespace lethe::mailbox
