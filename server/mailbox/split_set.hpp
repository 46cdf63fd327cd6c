#pragma once
// A hash set in 64 parts, so that growing never stops the thread for longer than a 64th of it takes, and shrinking can be
// spread over calls. The elements are plain values. Whoever asks brings the well-mixed 64-bit hash, for it may cost more than
// all the rest; Hash gives the same one of an element, for when a part grows. Equal may be transparent. One thread.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <boost/unordered/unordered_flat_set.hpp>

namespace lethe::mailbox {

template <class T, class Hash, class Equal>
class SplitSet {
 public:
  SplitSet(Hash hash, Equal equal) {
    parts_.reserve(count);
    for (std::size_t n = 0; n < count; ++n) parts_.emplace_back(0, PartHash{hash, newest_.get()}, PartEqual{equal});
  }

  // nullptr where there is none. Valid until the next change.
  template <class Key>
  const T* find(const Key& key, std::size_t hash) const {
    const Hashed<Key> hashed{key, hash};
    const Part& part = parts_[part_of(hashed.hash)];
    const auto found = part.find(hashed);
    return found == part.end() ? nullptr : &*found;
  }
  template <class Key>
  bool contains(const Key& key, std::size_t hash) const {
    return find(key, hash) != nullptr;
  }
  // False where an equal one stands there already.
  bool insert(T value, std::size_t hash) {
    *newest_ = {value, hash};
    const bool added = parts_[part_of(newest_->hash)].insert(value).second;
    size_ += added;
    return added;
  }
  bool erase(T value, std::size_t hash) {
    const Hashed<T> hashed{value, hash};
    const bool gone = parts_[part_of(hashed.hash)].erase(hashed) != 0;
    size_ -= gone;
    return gone;
  }

  std::size_t size() const noexcept { return size_; }
  // Slots in memory.
  std::size_t capacity() const noexcept {
    std::size_t slots = 0;
    for (const Part& part : parts_) slots += part.bucket_count();
    return slots;
  }

  // Returns memory of the next part where it is less than an eighth full.
  void shrink_one() {
    Part& part = parts_[next_to_shrink_++ % count];
    if (part.bucket_count() > 64 && part.size() < part.bucket_count() / 8) part.rehash(part.size() * 2);
  }

  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const Part& part : parts_) {
      for (const T& value : part) visit(value);
    }
  }

 private:
  // A part is asked with the hash by which it was chosen.
  template <class Key>
  struct Hashed {
    const Key& key;
    std::size_t hash;
  };
  // The element that is being inserted. (What is inserted can't be given to the table with its hash.)
  struct Newest {
    T value{};
    std::size_t hash = 0;
  };
  struct PartHash {
    using is_transparent = void;
    using is_avalanching = void;
    Hash hash;
    const Newest* newest;
    // Of others it asks while it grows.
    std::size_t operator()(const T& value) const noexcept { return value == newest->value ? newest->hash : hash(value); }
    template <class Key>
    std::size_t operator()(const Hashed<Key>& hashed) const noexcept { return hashed.hash; }
  };
  struct PartEqual {
    using is_transparent = void;
    Equal equal;
    bool operator()(const T& a, const T& b) const noexcept { return equal(a, b); }
    template <class Key>
    bool operator()(const Hashed<Key>& wanted, const T& value) const noexcept { return equal(wanted.key, value); }
    template <class Key>
    bool operator()(const T& value, const Hashed<Key>& wanted) const noexcept { return equal(wanted.key, value); }
  };
  using Part = boost::unordered_flat_set<T, PartHash, PartEqual>;
  static constexpr std::size_t count = 64;
  // The table itself takes its position from the highest bits and its tag from the lowest.
  static std::size_t part_of(std::size_t hash) noexcept { return (hash >> 16) % count; }

  std::unique_ptr<Newest> newest_ = std::make_unique<Newest>();
  std::vector<Part> parts_;
  std::size_t size_ = 0;
  std::size_t next_to_shrink_ = 0;
};

}  // namespace lethe::mailbox
