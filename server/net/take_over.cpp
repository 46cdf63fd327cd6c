#include "net/take_over.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <lethe/base/wipe.hpp>

#include "base/big_endian.hpp"
#include "net/arriving_state.hpp"

namespace lethe::net {
namespace {

enum class Heard { all, end, late };

class Line {
 public:
  explicit Line(int connection) : connection_{connection}, memory_(wire::longest_moved_frame) {}
  ~Line() { wipe(std::span{memory_}); }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  bool say(HandOverStep step) const noexcept {
    const char word = static_cast<char>(step);
    ssize_t sent = 0;
    do sent = ::send(connection_, &word, 1, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == 1;
  }
  Heard hear(std::span<std::uint8_t> to) const noexcept {
    while (!to.empty()) {
      const ssize_t got = ::recv(connection_, to.data(), to.size(), 0);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return Heard::late;
      if (got <= 0) return Heard::end;
      to = to.subspan(static_cast<std::size_t>(got));
    }
    return Heard::all;
  }
  // Valid until it is forgotten.
  std::span<std::uint8_t> frame() {
    std::array<std::uint8_t, sizeof(std::uint32_t)> length{};
    if (hear(length) != Heard::all) return {};
    const auto size = load_big_endian<std::uint32_t>(length.data());
    if (size > memory_.size()) throw std::runtime_error{"take over: what the running relay sends is no hand-over"};
    const std::span<std::uint8_t> frame = std::span{memory_}.first(size);
    return hear(frame) == Heard::all ? frame : std::span<std::uint8_t>{};
  }

 private:
  int connection_;
  std::vector<std::uint8_t> memory_;
};

[[noreturn]] void fail(const char* why) { throw std::runtime_error{std::string{"take over: "} + why + "; the running relay goes on"}; }

HandedOver receive(Line& line, RelayContext& relay, const std::function<bool()>& given_up) {
  std::optional<ArrivingState> state;
  while (!state || !state->complete()) {
    const std::span<std::uint8_t> frame = line.frame();
    if (frame.empty()) fail("the running relay has not sent all that it holds");
    if (!state) state.emplace(relay, clock_now());
    const ArrivingState::Outcome outcome = state->take(frame);
    wipe(frame);
    if (outcome == ArrivingState::Outcome::no_room) fail("there is no room for what the running relay holds (memory.arena, limits)");
    if (outcome == ArrivingState::Outcome::malformed) fail("what the running relay sent is malformed");
    if (given_up()) fail("a signal has stopped it");
  }
  return {state->totals().entries, state->totals().bytes};
}

}  // namespace

HandedOver take_over(Relay& relay, int connection, const std::function<bool()>& given_up) {
  Line line{connection};
  if (given_up()) fail("a signal has stopped it");
  if (!line.say(HandOverStep::ready)) fail("the running relay has hung up");
  const HandedOver moved = receive(line, relay.context(), given_up);
  if (!line.say(HandOverStep::complete)) fail("the running relay has hung up");
  std::uint8_t go = 0;
  const Heard heard = line.hear({&go, 1});
  if (heard == Heard::late) fail("the running relay does not answer");
  if (heard == Heard::all && go != static_cast<std::uint8_t>(HandOverStep::go)) fail("the running relay has changed its mind");
  // It has died where the line has ended: then all that is left of it is here, and nobody hears this.
  (void)line.say(HandOverStep::taken);
  relay.go_on();
  return moved;
}

}  // namespace lethe::net
