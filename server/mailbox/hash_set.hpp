#pragma once
// A set of 64-bit keyed hashes, each its own hash, so that nothing stands beside it: 11 to 21 bytes each. They stand in buckets
// of a cache line, one after the other; what a full bucket has no room for stands in the next ones. So a look-up reads one line
// nearly always, which `prefetch` asks for beforehand: a set of millions is in no cache. An erased hash is overwritten.
//
// In 64 parts by the highest bits, so that growing never stops the thread for longer than a 64th of it takes, and shrinking can
// be spread over calls. One thread.
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace lethe::mailbox {

class HashSet {
 public:
  HashSet();

  // False where it stands there already. 0 counts as 1.
  bool insert(std::uint64_t hash);
  bool erase(std::uint64_t hash) noexcept;
  bool contains(std::uint64_t hash) const noexcept {
    hash = stored(hash);
    return part_of(hash).find(hash).found();
  }
  // To be called as soon as a hash is known that will be asked for. (Where it isn't inlined, GCC 12 sees no effect and leaves it out.)
  [[gnu::always_inline]] void prefetch(std::uint64_t hash) const noexcept {
    const Part& part = part_of(hash);
    __builtin_prefetch(&part.buckets[part.home(hash)], 1);
  }

  std::size_t size() const noexcept { return size_; }
  // Slots in memory.
  std::size_t capacity() const noexcept;
  // Returns memory of the next part where it is less than an eighth full.
  void shrink_one();

 private:
  static constexpr int part_bits = 6;

  // The hashes stand first, then zeros.
  struct alignas(64) Bucket {
    static constexpr std::size_t room = 8;
    std::array<std::uint64_t, room> slots{};

    bool full() const noexcept { return slots.back() != 0; }
    // Without a branch, for each would be a guess: `room` where it is not there.
    std::size_t find(std::uint64_t hash) const noexcept {
      std::size_t found = room;
#pragma GCC unroll 8
      for (std::size_t at = 0; at < room; ++at) found = slots[at] == hash ? at : found;
      return found;
    }
    // Of one that is not full: how many stand there, by halves.
    std::size_t used() const noexcept {
      std::size_t count = slots[3] != 0 ? 4 : 0;
      count += slots[count + 1] != 0 ? 2 : 0;
      return count + (slots[count] != 0);
    }
    // The last one moves to where the gone one was.
    void erase(std::size_t at) noexcept {
      const std::size_t last = (full() ? room : used()) - 1;
      slots[at] = slots[last];
      slots[last] = 0;
    }
  };
  struct Place {
    Bucket* bucket;
    std::size_t slot;   // Bucket::room: it is not there, and this is the first bucket with room for it

    bool found() const noexcept { return slot != Bucket::room; }
  };

  struct Part {
    std::unique_ptr<Bucket[]> buckets;   // 2^bits
    std::uint32_t used = 0;
    int bits = 0;

    std::size_t mask() const noexcept { return (std::size_t{1} << bits) - 1; }
    std::size_t slots() const noexcept { return Bucket::room << bits; }
    // The bucket where it stands while there is room: by the bits behind the part's.
    std::size_t home(std::uint64_t hash) const noexcept { return hash << part_bits >> 1 >> (63 - bits); }
    Place find(std::uint64_t hash) const noexcept {
      for (std::size_t at = home(hash);; at = (at + 1) & mask()) {
        Bucket& bucket = buckets[at];
        const std::size_t slot = bucket.find(hash);
        if (slot != Bucket::room || !bucket.full()) return {&bucket, slot};
      }
    }
    void fill_from_behind(std::size_t bucket) noexcept;
    void resize(int to_bits);
  };
  static std::uint64_t stored(std::uint64_t hash) noexcept { return hash == 0 ? 1 : hash; }
  Part& part_of(std::uint64_t hash) noexcept { return parts_[hash >> (64 - part_bits)]; }
  const Part& part_of(std::uint64_t hash) const noexcept { return parts_[hash >> (64 - part_bits)]; }

  std::array<Part, std::size_t{1} << part_bits> parts_;
  std::size_t size_ = 0;
  std::size_t next_to_shrink_ = 0;
};

}  // namespace lethe::mailbox
