#pragma once
// Finds canaries in bytes, in every form in which they might lie there: raw, WebSocket-masked (four rotations of the trial's
// mask), base64 and base64url in three alignments, hex in both cases, JSON-escaped (\u00xx), percent-encoded, UTF-16 in both
// orders, reversed, dotted decimal of a client's address.
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/canary/canaries.hpp"

namespace lethe::audit {

enum class Form : std::uint8_t {
  raw, masked, base64, base64url, hexadecimal, json_escaped, percent, utf16, reversed, decimal
};
std::string_view name(Form form) noexcept;

struct Hit {
  std::uint64_t offset;     // in what was searched
  Secret secret;
  Form form;
};

// Built once for the canaries known at the time; `find` may then be called from any thread.
class Search {
 public:
  explicit Search(const Canaries& canaries);
  // All hits, at most `limit`. A searched region that comes in parts must overlap by `overlap()` bytes.
  std::vector<Hit> find(std::span<const std::uint8_t> bytes, std::size_t limit = 10'000) const;
  std::size_t overlap() const noexcept { return longest_ - 1; }

 private:
  struct Pattern {
    std::vector<std::uint8_t> bytes;
    Secret secret;
    Form form;
  };
  std::vector<Pattern> patterns_;
  std::size_t longest_ = 1;
};

}  // namespace lethe::audit
