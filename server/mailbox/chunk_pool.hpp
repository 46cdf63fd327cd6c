#pragma once
// Objects addressed by a 32-bit index that never move. They stand in chunks of PerChunk; a chunk whose objects are all gone
// is freed, but for one that is kept as a spare. A destroyed object's memory is overwritten. One thread.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include <lethe/base/wipe.hpp>

#include "base/check.hpp"
#include "base/mutation.hpp"

namespace lethe::mailbox {

// No object; every index type of the engine uses it.
inline constexpr std::uint32_t kNone = 0xffff'ffff;

template <class T, std::uint32_t PerChunk = 4'096>
class ChunkPool {
 public:
  ChunkPool() = default;
  ChunkPool(const ChunkPool&) = delete;
  ChunkPool& operator=(const ChunkPool&) = delete;
  // Precondition: everything has been destroyed.
  ~ChunkPool() { LETHE_CHECK(size_ == 0); }

  template <class... Args>
  std::uint32_t create(Args&&... args) {
    if (open_.empty()) add_chunk();
    const std::uint32_t number = open_.back();
    Chunk& chunk = *chunks_[number];
    std::uint32_t slot = chunk.fresh;
    if (chunk.free != kNone) {
      slot = chunk.free;
      std::memcpy(&chunk.free, chunk.at(slot), sizeof chunk.free);
    } else {
      ++chunk.fresh;
    }
    if (chunk.used == 0 && spare_ == number) spare_ = kNone;
    if (++chunk.used == PerChunk) close(number);
    ++size_;
    ::new (static_cast<void*>(chunk.at(slot))) T(std::forward<Args>(args)...);
    return number * PerChunk + slot;
  }

  void destroy(std::uint32_t index) noexcept {
    const std::uint32_t number = index / PerChunk;
    Chunk& chunk = *chunks_[number];
    std::byte* const at = chunk.at(index % PerChunk);
    std::launder(reinterpret_cast<T*>(at))->~T();
    if (LETHE_KEEP(record_wipe)) wipe(at, sizeof(T));
    std::memcpy(at, &chunk.free, sizeof chunk.free);
    chunk.free = index % PerChunk;
    --size_;
    if (chunk.used-- == PerChunk) open(number);
    if (chunk.used == 0) drop_spare(number);
  }

  T& operator[](std::uint32_t index) noexcept {
    return *std::launder(reinterpret_cast<T*>(chunks_[index / PerChunk]->at(index % PerChunk)));
  }
  const T& operator[](std::uint32_t index) const noexcept {
    return *std::launder(reinterpret_cast<const T*>(chunks_[index / PerChunk]->at(index % PerChunk)));
  }

  std::size_t size() const noexcept { return size_; }
  // Chunks in memory.
  std::size_t chunks() const noexcept { return chunks_.size() - vacant_.size(); }

 private:
  struct Chunk {
    std::uint32_t used = 0;
    std::uint32_t fresh = 0;       // slots that were ever used
    std::uint32_t free = kNone;    // the first of the free ones among them; each names the next
    std::uint32_t position = 0;    // in open_
    alignas(T) std::byte slots[sizeof(T) * PerChunk];

    std::byte* at(std::uint32_t slot) noexcept { return slots + sizeof(T) * slot; }
    const std::byte* at(std::uint32_t slot) const noexcept { return slots + sizeof(T) * slot; }
  };

  void add_chunk() {
    if (vacant_.empty()) {
      vacant_.push_back(static_cast<std::uint32_t>(chunks_.size()));
      chunks_.emplace_back();
    }
    const std::uint32_t number = vacant_.back();
    // Not make_unique: that would zero every slot, and touch its page, before it is needed.
    chunks_[number].reset(new Chunk);
    vacant_.pop_back();
    open(number);
  }

  // Keeps the chunk that has just emptied as the spare, and frees the one that was kept before.
  void drop_spare(std::uint32_t number) noexcept {
    const std::uint32_t old = std::exchange(spare_, number);
    if (old == kNone) return;
    close(old);
    chunks_[old].reset();
    vacant_.push_back(old);
  }

  void open(std::uint32_t number) {
    chunks_[number]->position = static_cast<std::uint32_t>(open_.size());
    open_.push_back(number);
  }
  void close(std::uint32_t number) noexcept {
    const std::uint32_t position = chunks_[number]->position;
    open_[position] = open_.back();
    chunks_[open_[position]]->position = position;
    open_.pop_back();
  }

  std::vector<std::unique_ptr<Chunk>> chunks_;
  std::vector<std::uint32_t> open_;     // chunks with a free slot
  std::vector<std::uint32_t> vacant_;   // numbers without a chunk
  std::uint32_t spare_ = kNone;         // the chunk without an object
  std::size_t size_ = 0;
};

}  // namespace lethe::mailbox
