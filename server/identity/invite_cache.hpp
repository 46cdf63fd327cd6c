#pragma once
// Remembers which invites were verified, so that a signature is checked once and not per message. It keeps 64-bit keyed
// hashes only: no invite, no address. One cache a thread, used by that thread alone; all of a relay share one KeyedHash,
// so that an invite has the same key everywhere.
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <boost/unordered/unordered_flat_set.hpp>

#include <lethe/base/ids.hpp>
#include <lethe/base/time.hpp>

#include "base/keyed_hash.hpp"
#include "identity/invite.hpp"

namespace lethe::identity {

enum class InviteCheck {
  valid,     // signed by the recipient and not expired; generation and revocation are the mailbox's to judge
  expired,   // its time is over, as it says itself; the signature was not looked at
  invalid,   // malformed, or not signed by this recipient
};

struct CheckedInvite {
  InviteCheck check = InviteCheck::invalid;
  Invite claims;            // all zero if malformed; not to be trusted unless `check` is valid
  std::uint64_t key = 0;    // keyed hash of recipient and invite: names the sender and its rate; 0 if malformed
};

class InviteCache {
 public:
  // `capacity`: hashes remembered (RelayLimits.invites over the threads), about 20 bytes each, taken as they come. 0
  // remembers nothing.
  InviteCache(const KeyedHash& hash, std::size_t capacity) : hash_(hash), capacity_(capacity) {}

  // Judges `raw` for `recipient` at `now`. Expiry is looked at on every use. Costs one hash for a remembered invite, an
  // Ed25519 verification else. Only valid ones are remembered, the oldest is forgotten first.
  CheckedInvite check(const Address& recipient, std::span<const std::uint8_t> raw, Wall now);

  std::size_t size() const noexcept { return known_.size(); }
  // Signatures checked since the start.
  std::uint64_t verifications() const noexcept { return verifications_; }

 private:
  void remember(std::uint64_t key);

  KeyedHash hash_;
  std::size_t capacity_;
  boost::unordered_flat_set<std::uint64_t> known_;
  std::vector<std::uint64_t> order_;   // a ring once full; `oldest_` is the next to be forgotten
  std::size_t oldest_ = 0;
  std::uint64_t verifications_ = 0;
};

}  // namespace lethe::identity
