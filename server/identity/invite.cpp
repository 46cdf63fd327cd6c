#include "identity/invite.hpp"

#include <algorithm>
#include <string_view>

#include "identity/ed25519.hpp"
#include "identity/errors.hpp"

namespace lethe::identity {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kKnownFlags = Invite::kAnonymous | Invite::kThisEpochOnly;

template <class Integer>
Integer big_endian(std::span<const std::uint8_t> raw, std::size_t offset) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(Integer); ++i) value = value << 8 | raw[offset + i];
  return static_cast<Integer>(value);
}

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
  invite.generation = big_endian<std::uint32_t>(raw, 2);
  invite.expires = big_endian<std::uint64_t>(raw, 6);
  invite.max_ttl = big_endian<std::uint32_t>(raw, 14);
  invite.rate = big_endian<std::uint16_t>(raw, 18);
  invite.label = InviteLabel::from(raw.subspan(20, InviteLabel::size));
  invite.signature = Signature::from(raw.subspan(kInviteClaimsSize, Signature::size));
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
