#pragma once
// What a session was delivered and has not acknowledged, by seq. At most a window of entries. One thread.
#include <cstdint>
#include <span>
#include <vector>

#include <lethe/base/ids.hpp>
#include <lethe/base/limits.hpp>

namespace lethe::mailbox {

class InFlight {
 public:
  struct Entry {
    Seq seq;
    std::uint32_t envelope;
    std::uint32_t delivered_ms;   // monotonic, the low 32 bits
  };

  void add(Entry entry, ByteCount bytes);
  // The position of `seq`, or size() where it is not in flight.
  std::size_t find(Seq seq) const noexcept;
  // How many stand at or below `seq`.
  std::size_t count_up_to(Seq seq) const noexcept;
  void erase(std::size_t position, ByteCount bytes);
  // Forgets the first `count` entries, which held `bytes`.
  void erase_first(std::size_t count, ByteCount bytes);

  std::span<const Entry> entries() const noexcept { return entries_; }
  const Entry& operator[](std::size_t position) const noexcept { return entries_[position]; }
  std::size_t size() const noexcept { return entries_.size(); }
  bool empty() const noexcept { return entries_.empty(); }
  ByteCount bytes() const noexcept { return bytes_; }

 private:
  void rest();

  std::vector<Entry> entries_;
  ByteCount bytes_ = 0;
};

}  // namespace lethe::mailbox
