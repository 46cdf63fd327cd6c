#include "audit/canary/search.hpp"

#include <limits>

namespace lethe::audit {
namespace {

std::vector<Matcher::Pattern> texts(const std::vector<Sought>& sought) {
  std::vector<Matcher::Pattern> all;
  all.reserve(sought.size());
  for (const Sought& one : sought) all.push_back(one.text);
  return all;
}

}  // namespace

Search::Search(const Canaries& canaries) : Search{canaries, all_sought(canaries)} {}

Search::Search(const Canaries& canaries, std::vector<Sought> sought)
    : blocks_{canaries.pattern()}, block_count_{canaries.blocks()}, sought_{std::move(sought)}, matcher_{texts(sought_)} {}

std::vector<Hit> Search::find(std::span<const std::uint8_t> bytes, std::size_t limit) const {
  std::vector<Hit> hits;
  // A whole block matches three times, and is one hit.
  const std::size_t matches = limit < std::numeric_limits<std::size_t>::max() / 3 ? 3 * limit : limit;
  for (const Matcher::Match& match : matcher_.find(bytes, matches)) {
    if (hits.size() == limit) break;
    if (const std::optional<Hit> one = hit(bytes, match)) hits.push_back(*one);
  }
  return hits;
}

std::optional<Hit> Search::hit(std::span<const std::uint8_t> bytes, const Matcher::Match& match) const {
  const Sought& found = sought_[match.pattern];
  Hit result{match.offset, found.secret, found.notation.form(), found.marker};
  switch (found.piece) {
    case Piece::whole:
      if (found.secret == Secret::payload && found.marker == 0) result.block = index(bytes, match, 0);
      return result;
    case Piece::tag_end:
      if (half_tag(bytes, match, -4, 0)) return std::nullopt;   // a whole tag: found by itself
      result.block = index(bytes, match, -4);
      break;
    case Piece::tag_begin:
      // The next block's tag is whole, or this block shows its own.
      if (half_tag(bytes, match, 6, 4) || half_tag(bytes, match, -10, 4)) return std::nullopt;
      result.block = index(bytes, match, -14);
      break;
  }
  if (!result.block) return std::nullopt;   // six bytes alone may be chance
  return result;
}

std::optional<std::uint32_t> Search::index(std::span<const std::uint8_t> bytes, const Matcher::Match& match,
                                           std::ptrdiff_t from) const {
  const Sought& found = sought_[match.pattern];
  std::array<std::uint8_t, 6> read{};
  for (std::size_t i = 0; i < read.size(); ++i) {
    const auto place = from + static_cast<std::ptrdiff_t>(blocks_.tag().size() + i);
    const std::optional<std::uint8_t> byte = found.notation.read(bytes, match.offset, place, found.length);
    if (!byte) return std::nullopt;
    read[i] = *byte;
  }
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | read[i];
  if (value >= block_count_ || blocks_.check(value) != std::array{read[4], read[5]}) return std::nullopt;
  return value;
}

bool Search::half_tag(std::span<const std::uint8_t> bytes, const Matcher::Match& match, std::ptrdiff_t from,
                      std::size_t first) const {
  const Sought& found = sought_[match.pattern];
  for (std::size_t i = 0; i < 4; ++i) {
    const auto place = from + static_cast<std::ptrdiff_t>(i);
    if (found.notation.read(bytes, match.offset, place, found.length) != blocks_.tag()[first + i]) return false;
  }
  return true;
}

}  // namespace lethe::audit
