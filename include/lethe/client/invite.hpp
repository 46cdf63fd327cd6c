#pragma once
// An invite: a capability that the owner of a mailbox mints, and whoever holds it may send there (docs/protocol.md).
#include <array>
#include <cstdint>

#include <lethe/base/time.hpp>
#include <lethe/client/identity.hpp>

namespace lethe::client {

// What an invite allows.
struct InviteTerms {
  bool anonymous = false;            // usable by sessions that did not authenticate
  bool this_epoch_only = false;      // void after a restart of the relay, so that its revocation can't be forgotten
  std::uint32_t generation = 0;      // void once the mailbox announces a higher one
  std::uint64_t expires = 0;         // Unix seconds
  std::uint32_t max_ttl = 0;         // seconds, 0 = no cap
  std::uint16_t rate = 0;            // messages an hour, 0 = no cap
  InviteLabel label;                 // revokes this one invite
  friend bool operator==(const InviteTerms&, const InviteTerms&) = default;
};

using InviteBytes = std::array<std::uint8_t, 92>;

InviteBytes mint_invite(const Identity& owner, const InviteTerms& terms);

// Error::bad_invite unless it is 92 bytes of version 1 without unknown flags. Does not check the signature.
Result<InviteTerms> read_invite(ByteView invite);

// Whether the owner of `mailbox` signed it.
bool invite_is_signed_by(const Address& mailbox, const InviteBytes& invite) noexcept;

}  // namespace lethe::client
