#pragma once
// Who may connect and how fast: connections by source prefix (IPv4 /32, IPv6 /64) and in all. It keeps prefixes as keyed
// hashes, never as addresses, and forgets a prefix some 10 s after its last connection ended.
//
// The table is bounded: when it is full of live prefixes, newcomers share one entry, so that a peer with many prefixes can
// crowd newcomers but not memory.
//
// Threads: any; a mutex guards it. It is on the path of a connection, never on a message's.
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <utility>

#include <boost/unordered/unordered_flat_map.hpp>

#include <lethe/base/limits.hpp>
#include <lethe/base/time.hpp>

#include "base/keyed_hash.hpp"
#include "session/token_bucket.hpp"

namespace lethe::net {

// The keyed hash of a prefix. An IPv4 address mapped into IPv6 (::ffff:0:0/96, RFC 4291) is the IPv4 one. Never 0.
class SourcePrefix {
 public:
  // `address`: 4 or 16 bytes in network order.
  SourcePrefix(std::span<const std::uint8_t> address, const KeyedHash& hash) noexcept;
  std::uint64_t key() const noexcept { return key_; }
  friend bool operator==(SourcePrefix, SourcePrefix) = default;

 private:
  std::uint64_t key_;
};

class SourceLimits;

// One admitted connection's place; gives it back when it goes. The SourceLimits must outlive it.
class SourcePlace {
 public:
  SourcePlace() noexcept = default;
  SourcePlace(SourcePlace&& other) noexcept : limits_{std::exchange(other.limits_, nullptr)}, key_{other.key_} {}
  SourcePlace& operator=(SourcePlace&& other) noexcept;
  ~SourcePlace() { release(); }
  void release() noexcept;
  explicit operator bool() const noexcept { return limits_ != nullptr; }

 private:
  friend class SourceLimits;
  SourcePlace(SourceLimits& limits, std::uint64_t key) noexcept : limits_{&limits}, key_{key} {}
  SourceLimits* limits_ = nullptr;
  std::uint64_t key_ = 0;
};

enum class Welcome : std::uint8_t {
  admitted,
  too_fast,   // more than handshakes_per_second: answer the upgrade 429
  too_many,   // more than per_source connections: 429
  full,       // more than total connections: 503
  flood       // more than twice handshakes_per_second: drop the connection at once, answer nothing
};

class SourceLimits {
 public:
  static constexpr std::size_t default_capacity = 65'536;   // prefixes, about 70 bytes each

  explicit SourceLimits(const SessionLimits& limits, std::size_t capacity = default_capacity);

  struct Answer {
    Welcome welcome = Welcome::full;
    seconds retry_after{0};   // of a refusal, without jitter
    SourcePlace place;        // of an admission
  };
  // Judges one new connection. Every call counts against the prefix's rate.
  Answer admit(SourcePrefix source, Monotonic now);

  // From now on these; every rate begins anew, with its whole burst. Connections that there are stay.
  void adopt(const SessionLimits& limits, Monotonic now);

  std::uint64_t connections() const;   // admitted and not released
  std::size_t prefixes() const;        // remembered, without the shared entry

 private:
  friend class SourcePlace;
  struct Entry {
    Entry(std::uint64_t rate, Monotonic now) noexcept : admitting{rate, now}, answering{rate, now} {}
    bool idle(Monotonic now) const noexcept { return connections == 0 && admitting.full(now) && answering.full(now); }
    session::TokenBucket admitting;   // what is within the rate
    session::TokenBucket answering;   // what is beyond it and still worth an answer: as much again
    std::uint32_t connections = 0;
  };
  static constexpr std::uint64_t shared_key = 0;

  void release(std::uint64_t key) noexcept;
  std::pair<std::uint64_t, Entry*> entry(std::uint64_t key, Monotonic now);
  void forget_idle(Monotonic now);

  SessionLimits limits_;
  const std::size_t capacity_;
  mutable std::mutex mutex_;
  boost::unordered_flat_map<std::uint64_t, Entry> entries_;   // a key is a keyed hash already
  Entry shared_;
  std::uint64_t connections_ = 0;
  Monotonic forgotten_at_{};
};

}  // namespace lethe::net
