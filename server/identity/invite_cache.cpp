#include "identity/invite_cache.hpp"

namespace lethe::identity {

CheckedInvite InviteCache::check(const Address& recipient, std::span<const std::uint8_t> raw, Wall now) {
  CheckedInvite result;
  const Result<Invite> parsed = parse_invite(raw);
  if (!parsed) return result;
  result.claims = *parsed;
  result.key = hash_(recipient.bytes, raw.first<kInviteSize>());
  // Before the signature: a dead invite is worth neither the verification nor a place.
  if (parsed->expired(now)) {
    result.check = InviteCheck::expired;
    return result;
  }
  if (!known_.contains(result.key)) {
    ++verifications_;
    if (!verify_invite(raw.first<kInviteSize>(), recipient)) return result;
    remember(result.key);
  }
  result.check = InviteCheck::valid;
  return result;
}

void InviteCache::remember(std::uint64_t key) {
  if (capacity_ == 0) return;
  if (order_.size() < capacity_) {
    order_.push_back(key);
  } else {
    known_.erase(order_[oldest_]);
    order_[oldest_] = key;
    oldest_ = (oldest_ + 1) % capacity_;
  }
  known_.insert(key);
}

}  // namespace lethe::identity
