#include <lethe/client/invite.hpp>

#include <algorithm>

#include "client/byte_cursor.hpp"

namespace lethe::client {

// 0        1      2           6          14       18    20     28         92
// version  flags  generation  expires    max_ttl  rate  label  signature
namespace {
constexpr std::size_t signed_size = 28;
constexpr std::uint8_t version = 1;
constexpr std::uint8_t anonymous_flag = 1;
constexpr std::uint8_t epoch_flag = 2;

Bytes signing_bytes(ByteView body) {
  Bytes bytes;
  ByteWriter out(bytes);
  out.bytes(as_bytes("lethe/v1/invite"));
  out.number<std::uint8_t>(0);
  out.bytes(body);
  return bytes;
}
}  // namespace

InviteBytes mint_invite(const Identity& owner, const InviteTerms& terms) {
  Bytes bytes;
  ByteWriter out(bytes);
  out.number(version);
  out.number(static_cast<std::uint8_t>((terms.anonymous ? anonymous_flag : 0) | (terms.this_epoch_only ? epoch_flag : 0)));
  out.number(terms.generation);
  out.number(terms.expires);
  out.number(terms.max_ttl);
  out.number(terms.rate);
  out.bytes(terms.label.bytes);
  out.bytes(owner.sign(signing_bytes(bytes)).bytes);
  InviteBytes invite;
  std::ranges::copy(bytes, invite.begin());
  return invite;
}

Result<InviteTerms> read_invite(ByteView invite) {
  if (invite.size() != InviteBytes{}.size()) return Error::bad_invite;
  ByteReader in(invite);
  const auto found_version = in.number<std::uint8_t>();
  const auto flags = in.number<std::uint8_t>();
  if (found_version != version || (flags & ~(anonymous_flag | epoch_flag)) != 0) return Error::bad_invite;
  InviteTerms terms;
  terms.anonymous = (flags & anonymous_flag) != 0;
  terms.this_epoch_only = (flags & epoch_flag) != 0;
  terms.generation = in.number<std::uint32_t>();
  terms.expires = in.number<std::uint64_t>();
  terms.max_ttl = in.number<std::uint32_t>();
  terms.rate = in.number<std::uint16_t>();
  terms.label = in.fixed<InviteLabel>();
  return terms;
}

bool invite_is_signed_by(const Address& mailbox, const InviteBytes& invite) noexcept {
  const ByteView all(invite);
  return verify(mailbox, signing_bytes(all.first(signed_size)), Signature::from(all.subspan(signed_size)));
}

}  // namespace lethe::client
