#pragma once
// The broker's end of the socket pair: takes the start's outcome from the relay, and gives it renewed certificates.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/renewal.hpp"
#include "ops/secret_file.hpp"

namespace lethe::ops {

class BrokerLink {
 public:
  // `socket`: non-blocking; it stays the caller's and outlives this.
  explicit BrokerLink(int socket) noexcept : socket_{socket} {}
  ~BrokerLink() { forget(pending_); }
  BrokerLink(const BrokerLink&) = delete;
  BrokerLink& operator=(const BrokerLink&) = delete;

  int socket() const noexcept { return socket_; }
  // Something the relay may still say.
  bool listening() const noexcept { return listening_; }
  // Takes what has come.
  void read();
  // Why the start failed: printable ASCII; empty where it didn't, or hasn't yet.
  const std::string& failure() const noexcept { return failure_; }

  // Something renewed is on its way.
  bool sending() const noexcept { return sent_ < pending_.size(); }
  // Precondition: not sending. Overwrites nothing of the caller's. Both texts empty: settings alone.
  void send(std::string_view certificate, std::string_view key, const std::optional<Settings>& settings);
  // Goes on with it, as far as the socket takes it now; overwritten when all of it has gone.
  void flush();

 private:
  void hear(char byte);

  int socket_;
  bool listening_ = true;
  bool failing_ = false;
  std::string failure_;
  std::string pending_;
  std::size_t sent_ = 0;
};

}  // namespace lethe::ops
