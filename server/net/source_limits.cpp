#include "net/source_limits.hpp"

#include <algorithm>
#include <array>

#include "base/check.hpp"

namespace lethe::net {
namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr seconds full_retry{10};      // places come free as connections end: nobody knows when
constexpr seconds forget_period{10};   // of looking for idle prefixes while there is room
constexpr seconds crowded_period{1};   // and while there is none

std::uint64_t key_of(std::span<const std::uint8_t> address, const KeyedHash& hash) noexcept {
  LETHE_CHECK(address.size() == 4 || address.size() == 16);
  const bool mapped = address.size() == 16 && std::equal(mapped_prefix.begin(), mapped_prefix.end(), address.begin());
  if (mapped) address = address.last<4>();
  // 4 or 8 bytes: the two families can't meet, for the length is part of the hash.
  const std::uint64_t key = hash(address.size() == 4 ? address : address.first<8>());
  return key == 0 ? 1 : key;
}

}  // namespace

SourcePrefix::SourcePrefix(std::span<const std::uint8_t> address, const KeyedHash& hash) noexcept
    : key_{key_of(address, hash)} {}

SourcePlace& SourcePlace::operator=(SourcePlace&& other) noexcept {
  if (this != &other) {
    release();
    limits_ = std::exchange(other.limits_, nullptr);
    key_ = other.key_;
  }
  return *this;
}

void SourcePlace::release() noexcept {
  if (SourceLimits* limits = std::exchange(limits_, nullptr)) limits->release(key_);
}

SourceLimits::SourceLimits(const SessionLimits& limits, std::size_t capacity)
    : limits_{limits}, capacity_{capacity}, shared_{limits.handshakes_per_second, Monotonic{}} {}

SourceLimits::Answer SourceLimits::admit(SourcePrefix source, Monotonic now) {
  const std::lock_guard lock{mutex_};
  const auto [key, found] = entry(source.key(), now);
  Entry& from = *found;
  Answer answer;
  if (!from.admitting.take(1, now)) {
    answer.welcome = from.answering.take(1, now) ? Welcome::too_fast : Welcome::flood;
    answer.retry_after = from.admitting.retry_after(1, now);
    return answer;
  }
  if (from.connections >= limits_.per_source || connections_ >= limits_.total) {
    answer.welcome = from.connections >= limits_.per_source ? Welcome::too_many : Welcome::full;
    answer.retry_after = full_retry;
    return answer;
  }
  ++from.connections;
  ++connections_;
  answer.welcome = Welcome::admitted;
  answer.place = SourcePlace{*this, key};
  return answer;
}

void SourceLimits::adopt(const SessionLimits& limits, Monotonic now) {
  const std::lock_guard lock{mutex_};
  limits_ = limits;
  const session::TokenBucket fresh{limits.handshakes_per_second, now};
  shared_.admitting = shared_.answering = fresh;
  for (auto& [key, known] : entries_) known.admitting = known.answering = fresh;
}

void SourceLimits::release(std::uint64_t key) noexcept {
  const std::lock_guard lock{mutex_};
  Entry* from = &shared_;
  if (key != shared_key) {
    const auto found = entries_.find(key);
    LETHE_CHECK(found != entries_.end());
    from = &found->second;
  }
  LETHE_CHECK(from->connections > 0 && connections_ > 0);
  --from->connections;
  --connections_;
}

std::pair<std::uint64_t, SourceLimits::Entry*> SourceLimits::entry(std::uint64_t key, Monotonic now) {
  // A whole pass over the table, so not for every newcomer, even when there is no room.
  if (now >= forgotten_at_ + (entries_.size() < capacity_ ? forget_period : crowded_period)) forget_idle(now);
  const auto found = entries_.find(key);
  if (found != entries_.end()) return {key, &found->second};
  if (entries_.size() >= capacity_) return {shared_key, &shared_};
  return {key, &entries_.try_emplace(key, limits_.handshakes_per_second, now).first->second};
}

void SourceLimits::forget_idle(Monotonic now) {
  boost::unordered::erase_if(entries_, [now](const auto& known) { return known.second.idle(now); });
  forgotten_at_ = now;
}

std::uint64_t SourceLimits::connections() const {
  const std::lock_guard lock{mutex_};
  return connections_;
}

std::size_t SourceLimits::prefixes() const {
  const std::lock_guard lock{mutex_};
  return entries_.size();
}

}  // namespace lethe::net
