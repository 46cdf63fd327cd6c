#pragma once
// What a search looks for: the trial's markers, cut into the pieces that are searched for alone, in all their notations.
#include <cstdint>
#include <vector>

#include "audit/canary/canaries.hpp"
#include "audit/canary/notation.hpp"

namespace lethe::audit {

// How a piece stands to its marker. The last two are the ends of a remnant that has lost half of its tag.
enum class Piece : std::uint8_t {
  whole,        // all of the marker, or 8 bytes of it
  tag_end,      // bytes 4…9 of a block: the tag's second half, and of the index what all blocks share
  tag_begin     // bytes 14…19: the lead, and the first half of the next block's tag
};

struct Sought {
  Secret secret;
  std::uint32_t marker;                  // its place in Canaries::markers()
  Notation notation;
  Piece piece = Piece::whole;
  std::uint8_t length = 0;               // how many bytes are written here
  std::vector<std::uint8_t> text;        // as written; no two are alike
};

std::vector<Sought> all_sought(const Canaries& canaries);

}  // namespace lethe::audit
