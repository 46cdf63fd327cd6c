#include "ops/broker_link.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/renewal.hpp"
#include "ops/start_report.hpp"

namespace lethe::ops {

void BrokerLink::hear(char byte) {
  if (failing_) {
    if (failure_.size() < longest_sentence) failure_ += byte >= ' ' && byte <= '~' ? byte : '?';
  } else if (byte == failure_mark) {
    failing_ = true;
  } else {
    listening_ = false;
  }
}

void BrokerLink::read() {
  std::array<char, 512> heard{};
  while (listening_) {
    const ssize_t got = ::recv(socket_, heard.data(), heard.size(), MSG_DONTWAIT);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (got <= 0) {
      listening_ = false;
      return;
    }
    for (ssize_t i = 0; i < got && listening_; ++i) hear(heard[static_cast<std::size_t>(i)]);
  }
}

void BrokerLink::send(std::string_view certificate, std::string_view key) {
  const RenewalHeader header{static_cast<std::uint32_t>(certificate.size()), static_cast<std::uint32_t>(key.size())};
  std::string message(sizeof header + certificate.size() + key.size(), '\0');
  std::memcpy(message.data(), &header, sizeof header);
  std::memcpy(message.data() + sizeof header, certificate.data(), certificate.size());
  std::memcpy(message.data() + sizeof header + certificate.size(), key.data(), key.size());
  pending_ = std::move(message);
  sent_ = 0;
  flush();
}

void BrokerLink::flush() {
  while (sending()) {
    const ssize_t sent = ::send(socket_, pending_.data() + sent_, pending_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (sent < 0) break;   // the relay is going
    sent_ += static_cast<std::size_t>(sent);
  }
  forget(pending_);
  sent_ = 0;
}

}  // namespace lethe::ops
