#include "mailbox/hash_set.hpp"

#include <bit>
#include <utility>

namespace lethe::mailbox {

HashSet::HashSet() {
  for (Part& part : parts_) part.resize(0);
}

bool HashSet::insert(std::uint64_t hash) {
  hash = stored(hash);
  Part& part = part_of(hash);
  Place place = part.find(hash);
  if (place.found()) return false;
  // Beyond three quarters too many buckets are full.
  if (part.used >= part.slots() / 4 * 3) {
    part.resize(part.bits + 1);
    place = part.find(hash);
  }
  place.bucket->slots[place.bucket->used()] = hash;
  ++part.used;
  ++size_;
  return true;
}

bool HashSet::erase(std::uint64_t hash) noexcept {
  hash = stored(hash);
  Part& part = part_of(hash);
  const Place place = part.find(hash);
  if (!place.found()) return false;
  const bool was_full = place.bucket->full();
  place.bucket->erase(place.slot);
  if (was_full) part.fill_from_behind(static_cast<std::size_t>(place.bucket - part.buckets.get()));
  --part.used;
  --size_;
  return true;
}

std::size_t HashSet::capacity() const noexcept {
  std::size_t slots = 0;
  for (const Part& part : parts_) slots += part.slots();
  return slots;
}

void HashSet::shrink_one() {
  Part& part = parts_[next_to_shrink_++ % parts_.size()];
  if (part.bits > 0 && part.used < part.slots() / 8) part.resize(static_cast<int>(std::bit_width(part.used * 2 / Bucket::room)));
}

// A bucket that was full has room again: what stands behind it, for want of room there or before it, comes back, or it would not
// be found.
void HashSet::Part::fill_from_behind(std::size_t bucket) noexcept {
  std::size_t at = bucket;
  do {
    at = (at + 1) & mask();
    Bucket& behind = buckets[at];
    const bool was_full = behind.full();
    for (std::size_t slot = 0; slot < Bucket::room && behind.slots[slot] != 0; ++slot) {
      const std::size_t from_home = (at - home(behind.slots[slot])) & mask();
      if (from_home < ((at - bucket) & mask())) continue;
      buckets[bucket].slots.back() = behind.slots[slot];
      behind.erase(slot);
      bucket = at;
      break;
    }
    if (!was_full) return;
  } while (true);
}

void HashSet::Part::resize(int to_bits) {
  const std::size_t before = buckets == nullptr ? 0 : mask() + 1;
  const auto old = std::exchange(buckets, std::make_unique<Bucket[]>(std::size_t{1} << to_bits));
  bits = to_bits;
  for (std::size_t at = 0; at < before; ++at) {
    for (const std::uint64_t hash : old[at].slots) {
      if (hash == 0) break;
      std::size_t to = home(hash);
      while (buckets[to].full()) to = (to + 1) & mask();
      buckets[to].slots[buckets[to].used()] = hash;
    }
  }
}

}  // namespace lethe::mailbox
