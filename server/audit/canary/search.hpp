#pragma once
// Finds canaries in bytes, in every form in which they might lie there: raw, WebSocket-masked (four rotations of the trial's
// mask, over raw bytes and over base64url), base64 and base64url in three alignments, hex in both cases, JSON-escaped
// (\u00xx), percent-encoded, UTF-16 in both orders, reversed, dotted decimal of a client's address.
//
// Limits: a payload's remnants are found as canary/blocks.hpp says, raw and masked; in the other forms where they hold a whole
// tag. Of addresses, message ids and invites each 8 bytes are searched for alone, so a remnant of 15 bytes or more is found;
// topics and user agents as a whole. An IPv4 address in four bytes is too short: it is searched for as text, mapped into IPv6,
// and with zeros after it, as socket addresses have it. What is compressed or encrypted is not found.
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "audit/canary/canaries.hpp"
#include "audit/canary/matcher.hpp"
#include "audit/canary/notation.hpp"
#include "audit/canary/sought.hpp"

namespace lethe::audit {

struct Hit {
  std::uint64_t offset;                                // in what was searched
  Secret secret;
  Form form;
  std::uint32_t marker = 0;                            // its place in Canaries::markers(); 0 for blocks
  std::optional<std::uint32_t> block = std::nullopt;   // of a payload's block: its index, where that is still there
};

// Built once for the canaries known at the time; `find` may then be called from any thread.
class Search {
 public:
  explicit Search(const Canaries& canaries);
  // All hits in order, at most `limit`; one for each 8 bytes of an address, message id or invite. A searched region that comes
  // in parts must overlap by `overlap()` bytes.
  std::vector<Hit> find(std::span<const std::uint8_t> bytes, std::size_t limit = 10'000) const;
  std::size_t overlap() const noexcept { return matcher_.longest() - 1 + context; }

 private:
  // What is read beside a match: a block's index and check, or the half tag before it, in the widest form.
  static constexpr std::size_t context = 64;

  Search(const Canaries& canaries, std::vector<Sought> sought);
  std::optional<Hit> hit(std::span<const std::uint8_t> bytes, const Matcher::Match& match) const;
  // The index of the block that begins `from` bytes after the match; nothing where index and check don't fit.
  std::optional<std::uint32_t> index(std::span<const std::uint8_t> bytes, const Matcher::Match& match,
                                     std::ptrdiff_t from) const;
  // Half of the tag, from its byte `first` on, stands `from` bytes after the match.
  bool half_tag(std::span<const std::uint8_t> bytes, const Matcher::Match& match, std::ptrdiff_t from,
                std::size_t first) const;

  Blocks blocks_;
  std::uint32_t block_count_;
  std::vector<Sought> sought_;
  Matcher matcher_;
};

}  // namespace lethe::audit
