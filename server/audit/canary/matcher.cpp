#include "audit/canary/matcher.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>
#include <string_view>

namespace lethe::audit {
namespace {

constexpr std::size_t gram_size = 4;
constexpr std::size_t block_size = 4'096;
constexpr std::size_t widest_stride = 5;   // beyond it the table grows and little is gained

std::uint32_t load(const std::uint8_t* at) noexcept {
  std::uint32_t gram = 0;
  std::memcpy(&gram, at, gram_size);
  return gram;
}

bool all_zero(const std::uint8_t* at, std::size_t size) noexcept {
  std::size_t i = 0;
  for (; i + 64 <= size; i += 64) {
    std::uint64_t words[8];
    std::memcpy(words, at + i, sizeof words);
    if ((words[0] | words[1] | words[2] | words[3] | words[4] | words[5] | words[6] | words[7]) != 0) return false;
  }
  return std::all_of(at + i, at + size, [](std::uint8_t byte) { return byte == 0; });
}

// Bytes that any text or number has: grams of them tell little.
std::size_t common_bytes(std::span<const std::uint8_t> gram) {
  constexpr std::string_view common{"\0\xff\\u0%", 6};
  return static_cast<std::size_t>(std::ranges::count_if(gram, [&](std::uint8_t byte) {
    return common.find(static_cast<char>(byte)) != std::string_view::npos;
  }));
}

}  // namespace

Matcher::Matcher(std::vector<Pattern> patterns) : patterns_{std::move(patterns)} {
  std::size_t shortest = widest_stride + gram_size - 1;
  for (const Pattern& pattern : patterns_) {
    if (pattern.size() < shortest_pattern) throw std::invalid_argument("a pattern is too short");
    shortest = std::min(shortest, pattern.size());
    longest_ = std::max(longest_, pattern.size());
  }
  stride_ = shortest - gram_size + 1;
  build_table(choose_grams());
}

std::vector<Matcher::Gram> Matcher::choose_grams() const {
  std::vector<Gram> grams;
  grams.reserve(patterns_.size() * stride_);
  for (std::uint32_t number = 0; number < patterns_.size(); ++number) {
    const std::span<const std::uint8_t> pattern{patterns_[number]};
    std::size_t best = 0;
    std::size_t least = std::string_view::npos;
    for (std::size_t first = 0; first + stride_ + gram_size - 1 <= pattern.size(); ++first) {
      std::size_t common = 0;
      for (std::size_t i = 0; i < stride_; ++i) common += common_bytes(pattern.subspan(first + i, gram_size));
      if (common >= least) continue;
      least = common;
      best = first;
    }
    for (std::size_t i = best; i < best + stride_; ++i) {
      const std::uint32_t gram = load(&pattern[i]);
      // Zeros are passed over unseen.
      if (gram == 0) throw std::invalid_argument("a pattern is almost all zeros");
      grams.push_back({gram, number, static_cast<std::uint32_t>(i)});
    }
  }
  return grams;
}

void Matcher::build_table(std::vector<Gram> grams) {
  // One slot in 32 is taken, so that chance seldom leads to a comparison; 2 MiB of bits at the most.
  bits_ = std::clamp(static_cast<unsigned>(std::bit_width(grams.size() * 32)), 14U, 24U);
  filter_.assign(std::size_t{1} << (bits_ - 6), 0);
  std::ranges::sort(grams, {}, [this](const Gram& gram) { return slot(gram.bytes); });
  grams_ = std::move(grams);
  for (const Gram& gram : grams_) filter_[slot(gram.bytes) >> 6] |= std::uint64_t{1} << (slot(gram.bytes) & 63);
  // A bucket is the slots of one word of the filter.
  buckets_.resize(filter_.size() + 1);
  std::size_t next = 0;
  for (std::size_t word = 0; word < buckets_.size(); ++word) {
    while (next < grams_.size() && slot(grams_[next].bytes) >> 6 < word) ++next;
    buckets_[word] = static_cast<std::uint32_t>(next);
  }
}

std::vector<Matcher::Match> Matcher::find(std::span<const std::uint8_t> bytes, std::size_t limit) const {
  std::vector<Match> found;
  if (bytes.size() < gram_size) return found;
  const std::size_t end = bytes.size() - gram_size + 1;
  // Places are multiples of the stride; a block's first one may lie some bytes in.
  for (std::size_t from = 0, block = 0; from < end && found.size() < limit; block += block_size) {
    const std::size_t to = std::min(block + block_size, end);
    if (from >= to) continue;
    if (all_zero(&bytes[from], to - from + gram_size - 1)) {
      from += (to - from + stride_ - 1) / stride_ * stride_;
      continue;
    }
    search(bytes, from, to, found);
    from += (to - from + stride_ - 1) / stride_ * stride_;
  }
  std::ranges::sort(found, {}, &Match::offset);
  if (found.size() > limit) found.resize(limit);
  return found;
}

void Matcher::search(std::span<const std::uint8_t> bytes, std::size_t from, std::size_t to,
                     std::vector<Match>& found) const {
  const std::size_t step = stride_;
  std::size_t at = from;
  // Four at a time, with one branch.
  for (; at + 3 * step < to; at += 4 * step) {
    const std::uint8_t* const here = &bytes[at];
    const bool any = static_cast<int>(likely(load(here))) | static_cast<int>(likely(load(here + step))) |
                     static_cast<int>(likely(load(here + 2 * step))) | static_cast<int>(likely(load(here + 3 * step)));
    if (!any) continue;
    for (std::size_t i = 0; i < 4; ++i) {
      if (likely(load(here + i * step))) compare(bytes, at + i * step, found);
    }
  }
  for (; at < to; at += step) {
    if (likely(load(&bytes[at]))) compare(bytes, at, found);
  }
}

void Matcher::compare(std::span<const std::uint8_t> bytes, std::size_t at, std::vector<Match>& found) const {
  const std::uint32_t gram = load(&bytes[at]);
  const std::size_t word = slot(gram) >> 6;
  for (std::uint32_t i = buckets_[word]; i < buckets_[word + 1]; ++i) {
    const Gram& entry = grams_[i];
    if (entry.bytes != gram || entry.offset > at) continue;
    const Pattern& pattern = patterns_[entry.pattern];
    const std::size_t start = at - entry.offset;
    if (pattern.size() > bytes.size() - start) continue;
    if (std::memcmp(&bytes[start], pattern.data(), pattern.size()) == 0) found.push_back({start, entry.pattern});
  }
}

}  // namespace lethe::audit
