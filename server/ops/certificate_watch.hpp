#pragma once
// Notices that the certificate's or the key's file has changed: written, renamed over, or reached by another link (certbot's
// archive, the `..data` of Kubernetes). Told by inotify(7) of the directories, and for what that doesn't see (a link in the
// middle of a path, a network's file system, no inotify at all) by a look at the files each minute.
//
// What counts is the files themselves, by their number, size and times: what else happens beside them changes nothing.
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/descriptor.hpp"
#include "ops/config.hpp"

namespace lethe::ops {

class CertificateWatch {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds period{60};       // between two looks
  static constexpr std::chrono::milliseconds quiet{1'000};   // after an event, so that a pair is whole
  static constexpr std::chrono::seconds patience{10};     // and how long it may stay unquiet

  // Watches nothing where `tls` names no certificate. Opens what it needs; after that it only reads and stats.
  CertificateWatch(const TlsConfig& tls, const std::vector<std::string>& directories, Clock::time_point now);

  // To poll for reading; -1 where there is none.
  int descriptor() const noexcept { return events_.get(); }
  // Takes what has come. Not blocking.
  void hear(Clock::time_point now);
  // Milliseconds until `changed` should be asked; -1: not before something comes.
  int wait(Clock::time_point now) const noexcept;
  // Whether the files have changed since they were last looked at or `seen`; false as long as it isn't yet time to look.
  bool changed(Clock::time_point now);
  // They are about to be read, for another reason.
  void seen();

 private:
  using Mark = std::array<std::uint64_t, 5>;   // zero: there is no such file
  std::array<Mark, 2> look() const;

  std::vector<std::string> files_;
  Descriptor events_;
  std::array<Mark, 2> marks_{};
  Clock::time_point due_{};
  std::optional<Clock::time_point> first_;     // event since the last look
};

}  // namespace lethe::ops
