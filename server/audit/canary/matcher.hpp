#pragma once
// Finds any of many byte strings in one pass. Of each string the four bytes at some consecutive places are in a table, and
// of the searched bytes only every so many places are looked up: one of them falls on a string wherever it lies. Pages of
// zeros are passed over.
//
// Immutable: `find` may be called from any thread.
#include <cstdint>
#include <span>
#include <vector>

namespace lethe::audit {

class Matcher {
 public:
  using Pattern = std::vector<std::uint8_t>;
  struct Match {
    std::uint64_t offset;
    std::uint32_t pattern;    // its place in the constructor's list
  };

  // Shorter ones can't be told from chance. Throws std::invalid_argument for one that is, or that is almost all zeros.
  static constexpr std::size_t shortest_pattern = 6;
  explicit Matcher(std::vector<Pattern> patterns);

  // All matches in order of their offsets, at most `limit`.
  std::vector<Match> find(std::span<const std::uint8_t> bytes, std::size_t limit) const;
  std::size_t longest() const noexcept { return longest_; }

 private:
  struct Gram {
    std::uint32_t bytes;
    std::uint32_t pattern;
    std::uint32_t offset;     // within the pattern
  };

  std::vector<Gram> choose_grams() const;
  void build_table(std::vector<Gram> grams);
  std::uint32_t slot(std::uint32_t gram) const noexcept { return gram * 0x9e37'79b1U >> (32 - bits_); }
  bool likely(std::uint32_t gram) const noexcept {
    const std::uint32_t at = slot(gram);
    return (filter_[at >> 6] >> (at & 63) & 1) != 0;
  }
  // Looks up every stride-th place of [from, to).
  void search(std::span<const std::uint8_t> bytes, std::size_t from, std::size_t to, std::vector<Match>& found) const;
  void compare(std::span<const std::uint8_t> bytes, std::size_t at, std::vector<Match>& found) const;

  std::vector<Pattern> patterns_;
  std::size_t longest_ = 1;
  std::size_t stride_ = 1;
  unsigned bits_ = 0;
  std::vector<std::uint64_t> filter_;      // one bit a slot: some gram may be there
  std::vector<std::uint32_t> buckets_;     // where the grams of a slot begin, and one past the last
  std::vector<Gram> grams_;                // by slot
};

}  // namespace lethe::audit
