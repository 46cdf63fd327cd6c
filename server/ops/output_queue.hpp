#pragma once
// Lines on their way to a descriptor that may be slow, full or broken. Nothing here waits for it, and it isn't made
// non-blocking: others may share it.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace lethe::ops {

class OutputQueue {
 public:
  // `descriptor` stays the caller's and outlives this.
  explicit OutputQueue(int descriptor) noexcept : descriptor_{descriptor} {}

  int descriptor() const noexcept { return descriptor_; }
  bool empty() const noexcept { return lines_.empty(); }
  // Lines wait that the descriptor doesn't take: whoever makes them should stop.
  bool full() const noexcept { return lines_.size() >= enough; }
  // The last write failed in the middle of a line (a full disk): to be tried again after a while, not when poll(2) says so.
  bool stuck() const noexcept { return stuck_; }

  // A whole line of at most 4,096 bytes with its end. Lost where too many wait.
  void add(std::string_view line);
  // Writes what can be written now. A line that can't be is lost; one that is half written is finished first, whenever
  // that is possible, so that no line is ever broken by the next.
  void flush();
  // Lines lost since the last call, once a line after them has been written; else 0.
  std::uint64_t take_lost() noexcept;

  static constexpr std::size_t enough = 256;

 private:
  bool write_front();
  void drop_front() noexcept;

  int descriptor_;
  std::deque<std::string> lines_;
  std::size_t sent_ = 0;            // of the first line
  std::uint64_t lost_ = 0;
  bool written_since_ = false;      // a line, since the last loss
  bool stuck_ = false;
};

}  // namespace lethe::ops
