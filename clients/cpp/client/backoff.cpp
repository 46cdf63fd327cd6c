#include "client/backoff.hpp"

#include <algorithm>

namespace lethe::client {

milliseconds Backoff::next(double chance, std::optional<seconds> retry_after) {
  constexpr unsigned most_doublings = 20;
  const auto doubled = options_.first * (1u << std::min(failures_, most_doublings));
  ++failures_;
  const auto whole = std::min<milliseconds>(doubled, options_.longest);
  const auto wait = whole / 2 + milliseconds(static_cast<std::int64_t>(static_cast<double>(whole.count()) / 2 * chance));
  return retry_after ? std::max<milliseconds>(wait, *retry_after) : wait;
}

}  // namespace lethe::client
