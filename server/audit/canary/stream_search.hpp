#pragma once
// Searches bytes that come in parts, in order of their offsets: what lies across two parts is found, and nothing twice.
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "audit/canary/search.hpp"

namespace lethe::audit {

class StreamSearch {
 public:
  using Found = std::function<void(const Hit&)>;

  // `search` must outlive it. `found` is called in order of the offsets; Hit::offset counts as the parts' offsets do.
  StreamSearch(const Search& search, Found found);

  // The bytes at `offset`. They are one with those before where they follow them; a gap ends a stretch.
  void add(std::uint64_t offset, std::span<const std::uint8_t> bytes);
  // After the last part.
  void finish();

 private:
  static constexpr std::size_t worth_searching = 1 << 20;
  // Reports what begins before `end` and was not reported.
  void report_until(std::uint64_t end);

  const Search& search_;
  const Found found_;
  std::vector<std::uint8_t> stretch_;   // its last bytes
  std::uint64_t begin_ = 0;             // offset of the first of them
  std::uint64_t reported_ = 0;          // what begins before it was reported
};

}  // namespace lethe::audit
