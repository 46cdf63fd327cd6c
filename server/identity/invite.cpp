#include "identity/invite.hpp"

#include <algorithm>
#include <string_view>

#include "base/big_endian.hpp"
#include "identity/ed25519.hpp"
#include "identity/errors.hpp"

namespace lethe::identity {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kKnownFlags = Invite::kAnonymous | Invite::kThisEpochOnly;

}  // namespace

bool Invite::expired(Wall now) const noexcept {
  const auto today = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  return today >= 0 && expires <= static_cast<std::uint64_t>(today);
}

Result<Invite> parse_invite(std::span<const std::uint8_t> raw) noexcept {
  if (raw.size() != kInviteSize) return error_code(IdentityError::invite_length);
  if (raw[0] != kVersion) return error_code(IdentityError::invite_version);
  if ((raw[1] & ~kKnownFlags) != 0) return error_code(IdentityError::invite_flags);
  Invite invite;
  invite.flags = raw[1];
  invite.generation = load_big_endian<std::uint32_t>(&raw[2]);
  invite.expires = load_big_endian<std::uint64_t>(&raw[6]);
  invite.max_ttl = load_big_endian<std::uint32_t>(&raw[14]);
  invite.rate = load_big_endian<std::uint16_t>(&raw[18]);
  invite.label = InviteLabel::from(raw.subspan(20, InviteLabel::size));
  return invite;
}

InviteMessage invite_message(std::span<const std::uint8_t, kInviteClaimsSize> claims) noexcept {
  constexpr std::string_view context("lethe/v1/invite\0", 16);
  InviteMessage message;
  const auto behind = std::copy(context.begin(), context.end(), message.begin());
  std::copy(claims.begin(), claims.end(), behind);
  return message;
}

bool verify_invite(std::span<const std::uint8_t, kInviteSize> raw, const Address& recipient) noexcept {
  return verify(recipient, invite_message(raw.first<kInviteClaimsSize>()), Signature::from(raw.subspan<kInviteClaimsSize>()));
}

}  // namespace lethe::identity
