#pragma once
// Latencies in nanoseconds in buckets that grow with their value, at most 1.6 % wide each, as Gil Tene's HdrHistogram has them
// (Debian has no C or C++ library of it). Up to a minute; what is longer counts as a minute.
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace lethe::bench {

class Histogram {
 public:
  void add(std::uint64_t nanoseconds) noexcept {
    ++counts_[bucket(std::min(nanoseconds, longest))];
    ++total_;
  }
  void add(const Histogram& other) noexcept {
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
    total_ += other.total_;
  }
  std::uint64_t total() const noexcept { return total_; }
  // The upper end of the bucket below which that part (0 to 1) of all values lies; 0 of none.
  std::uint64_t at(double part) const noexcept {
    const auto wanted = static_cast<std::uint64_t>(part * static_cast<double>(total_));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      if (seen > wanted || (seen == total_ && total_ > 0)) return upper(i);
    }
    return 0;
  }

 private:
  static constexpr unsigned exact_bits = 6;   // 64 buckets for each doubling
  static constexpr std::uint64_t longest = 60'000'000'000;

  static std::size_t bucket(std::uint64_t value) noexcept {
    const unsigned width = static_cast<unsigned>(std::bit_width(value));
    if (width <= exact_bits) return static_cast<std::size_t>(value);
    const unsigned shift = width - exact_bits - 1;
    return (static_cast<std::size_t>(shift + 1) << exact_bits) + static_cast<std::size_t>((value >> shift) - (std::uint64_t{1} << exact_bits));
  }
  static std::uint64_t upper(std::size_t index) noexcept {
    if (index < (std::size_t{1} << exact_bits)) return index;
    const std::size_t shift = (index >> exact_bits) - 1;
    return ((index & 63) + 65) << shift;
  }

  std::array<std::uint64_t, 32 << exact_bits> counts_{};
  std::uint64_t total_ = 0;
};

}  // namespace lethe::bench
