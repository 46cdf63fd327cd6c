#include "net/transport.hpp"

#include <algorithm>
#include <functional>

namespace lethe::net {

void Transport::move_to(Readiness& readiness, ScratchPool& scratch) noexcept {
  watch_.move_to(readiness);
  pipe_.move_to(scratch);
  scratch_ = &scratch;
}

void Transport::clear(std::span<std::uint8_t> part) noexcept {
  if (LETHE_KEEP(zero_before_read)) wipe(part);
  if (!remembers_) return;
  const std::less<const std::uint8_t*> before;
  const std::uint8_t* const end = part.data() + part.size();
  std::uint8_t* const low = read_to_.empty() ? part.data() : std::min(read_to_.data(), part.data(), before);
  const std::uint8_t* const high = read_to_.empty() ? end : std::max<const std::uint8_t*>(read_to_.data() + read_to_.size(), end, before);
  read_to_ = {low, static_cast<std::size_t>(high - low)};
}

// Beast's copy of a control frame: a pong says again what the ping said. Messages are written by write_some; only before the
// upgrade does anything else come this way.
void Transport::clear_control(TlsPipe::Part part) const noexcept {
  if (LETHE_KEEP(control_wipe) && remembers_) wipe(const_cast<std::uint8_t*>(part.data()), part.size());
}

// Nobody reads on: neither what Beast has not looked at yet nor what the session has of an unfinished message is needed.
void Transport::forget_reads() noexcept {
  if (!LETHE_KEEP(goodbye_wipe)) return;
  wipe(read_to_);
  wipe(own_);
}

void teardown(boost::beast::role_type, Transport& transport, error_code& error) {
  transport.pipe().shut_down();
  transport.shut_down_sending();
  error = {};
}

void beast_close_socket(Transport& transport) { transport.close(); }

}  // namespace lethe::net
