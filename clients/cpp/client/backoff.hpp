#pragma once
// How long to wait before the next attempt: exponential, jittered, and never less than the relay asked for.
#include <lethe/client/options.hpp>

namespace lethe::client {

class Backoff {
 public:
  explicit Backoff(BackoffOptions options) : options_(options) {}

  // The n-th wait in a row lies in [half, whole] of first * 2^(n-1), capped by `longest`; `chance` in [0, 1) picks the
  // place. `retry_after`, where given, is the least.
  milliseconds next(double chance, std::optional<seconds> retry_after = std::nullopt);

  // The attempt succeeded: the next wait is the first again.
  void reset() noexcept { failures_ = 0; }

 private:
  BackoffOptions options_;
  unsigned failures_ = 0;
};

}  // namespace lethe::client
