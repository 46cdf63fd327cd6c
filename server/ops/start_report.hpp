#pragma once
// What a starting relay says to its broker, over the socket pair: that it has started, or the sentence why it hasn't. It
// has not accepted a connection by then, so the sentence can't hold anything of a client's; after `started` the broker
// listens to nothing any more.
#include <cstddef>
#include <string_view>

namespace lethe::ops {

inline constexpr char started_mark = 's';
inline constexpr char failure_mark = 'f';
inline constexpr std::size_t longest_sentence = 2'000;

// Neither waits; a broker that has gone isn't missed.
void report_started(int link) noexcept;
void report_failure(int link, std::string_view sentence) noexcept;

}  // namespace lethe::ops
