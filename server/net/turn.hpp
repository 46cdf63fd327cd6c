#pragma once
// Whether a session takes its turn to write, or gives it away because a later one says more at once
// (docs/adr/0015-what-a-sender-hears-may-wait.md).
#include <cstdint>

namespace lethe::net {

class Turn {
 public:
  static constexpr std::uint8_t most = 3;   // that are given away in a row

  // There is something to say that somebody waits for.
  void matters() noexcept { matters_ = true; }
  bool give_away(bool busy) noexcept {
    if (busy && !matters_ && given_away_ < most) {
      ++given_away_;
      return true;
    }
    *this = {};
    return false;
  }

 private:
  bool matters_ = false;
  std::uint8_t given_away_ = 0;
};

}  // namespace lethe::net
