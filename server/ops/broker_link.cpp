#include "ops/broker_link.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

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

void BrokerLink::send(std::string_view certificate, std::string_view key, const std::optional<Settings>& settings) {
  const RenewalHeader header{static_cast<std::uint32_t>(certificate.size()), static_cast<std::uint32_t>(key.size()),
                             settings ? static_cast<std::uint32_t>(sizeof *settings) : 0};
  std::string message(sizeof header + certificate.size() + key.size() + header.settings, '\0');   // never grows
  char* at = message.data();
  const auto append = [&at](const void* from, std::size_t size) {
    if (size == 0) return;   // `from` may be null then, which memcpy(3) doesn't take
    std::memcpy(at, from, size);
    at += size;
  };
  append(&header, sizeof header);
  append(certificate.data(), certificate.size());
  append(key.data(), key.size());
  if (settings) append(&*settings, sizeof *settings);
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
