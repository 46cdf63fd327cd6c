#include <lethe/client/sealed.hpp>

#include <algorithm>
#include <utility>

#include <sodium.h>

#include "client/byte_cursor.hpp"

namespace lethe::client {

// 0        1     2      3          4         20     24     28      36     44    76           80      112        176
// version  kind  flags  name size  transfer  index  count  offset  total  hash  bytes size   sender  signature  name, bytes, 0…
namespace {
constexpr std::uint8_t version = 1;
constexpr std::uint8_t signed_flag = 1;
constexpr std::size_t signature_at = 112;
constexpr std::size_t header_size = 176;
constexpr std::size_t box_overhead = crypto_box_SEALBYTES;
static_assert(box_overhead == 48);

// What the sender signs: everything but the signature itself and the padding, for this recipient only.
Bytes signing_bytes(const Address& recipient, ByteView plain, std::size_t content_size) {
  Bytes bytes;
  ByteWriter out(bytes);
  out.bytes(as_bytes("lethe/v1/sealed"));
  out.number<std::uint8_t>(0);
  out.bytes(recipient.bytes);
  out.bytes(plain.first(signature_at));
  out.bytes(plain.subspan(header_size, content_size));
  return bytes;
}

Bytes plain_part(const Part& part, const Address& recipient, const Identity* sender, std::size_t size) {
  Bytes plain;
  plain.reserve(size);
  ByteWriter out(plain);
  out.number(version);
  out.number(static_cast<std::uint8_t>(part.kind));
  out.number<std::uint8_t>(sender != nullptr ? signed_flag : 0);
  out.number(static_cast<std::uint8_t>(part.name.size()));
  out.bytes(part.transfer.bytes);
  out.number(part.index);
  out.number(part.count);
  out.number(part.offset);
  out.number(part.total);
  out.bytes(part.hash.bytes);
  out.number(static_cast<std::uint32_t>(part.bytes.size()));
  out.bytes(sender != nullptr ? sender->address().bytes : Address{}.bytes);
  out.bytes(Signature{}.bytes);
  out.bytes(as_bytes(part.name));
  out.bytes(part.bytes);
  if (sender != nullptr) {
    const auto signature = sender->sign(signing_bytes(recipient, plain, part.name.size() + part.bytes.size()));
    std::ranges::copy(signature.bytes, plain.begin() + signature_at);
  }
  plain.resize(size);
  return plain;
}

Result<Bytes> open_box(ByteView payload, const Identity& recipient) {
  if (std::ranges::find(sealed_sizes, payload.size()) == sealed_sizes.end()) return Error::not_sealed_for_us;
  Bytes secret(crypto_sign_SECRETKEYBYTES), box_secret(crypto_box_SECRETKEYBYTES), box_public(crypto_box_PUBLICKEYBYTES);
  std::ranges::copy(recipient.seed(), secret.begin());
  std::ranges::copy(recipient.address().bytes, secret.begin() + Identity::seed_size);
  if (crypto_sign_ed25519_sk_to_curve25519(box_secret.data(), secret.data()) != 0) return Error::bad_key;
  if (crypto_sign_ed25519_pk_to_curve25519(box_public.data(), recipient.address().bytes.data()) != 0) return Error::bad_key;
  Bytes plain(payload.size() - box_overhead);
  const int failed = crypto_box_seal_open(plain.data(), payload.data(), payload.size(), box_public.data(), box_secret.data());
  if (failed != 0) return Error::not_sealed_for_us;
  return plain;
}

// Whether the parts of a whole can look like this.
bool is_sound(const Part& part) {
  if (part.kind != Kind::text && part.kind != Kind::file) return false;
  if (part.count == 0 || part.index >= part.count) return false;
  if (part.kind == Kind::text && part.count != 1) return false;
  if (part.offset > part.total || part.bytes.size() > part.total - part.offset) return false;
  return part.count > 1 || part.bytes.size() == part.total;
}
}  // namespace

std::size_t part_capacity(std::size_t payload_limit, std::size_t name_size) noexcept {
  std::size_t largest = 0;
  for (const auto size : sealed_sizes) {
    if (size <= payload_limit) largest = size;
  }
  const auto overhead = box_overhead + header_size + name_size;
  return largest > overhead ? largest - overhead : 0;
}

Result<Bytes> seal(const Part& part, const Address& recipient, const Identity* sender, std::size_t payload_limit) {
  if (part.name.size() > 255) return Error::too_large;
  const auto needed = box_overhead + header_size + part.name.size() + part.bytes.size();
  const auto size = std::ranges::lower_bound(sealed_sizes, needed);
  if (size == sealed_sizes.end() || *size > payload_limit) return Error::too_large;
  std::array<std::uint8_t, crypto_box_PUBLICKEYBYTES> box_public;
  if (crypto_sign_ed25519_pk_to_curve25519(box_public.data(), recipient.bytes.data()) != 0) return Error::bad_key;
  const auto plain = plain_part(part, recipient, sender, *size - box_overhead);
  Bytes sealed(*size);
  if (crypto_box_seal(sealed.data(), plain.data(), plain.size(), box_public.data()) != 0) return Error::bad_key;
  return sealed;
}

Result<Part> open_sealed(ByteView payload, const Identity& recipient) {
  const auto plain = open_box(payload, recipient);
  if (!plain) return plain.error();
  ByteReader in(*plain);
  if (in.number<std::uint8_t>() != version) return Error::bad_contents;
  Part part;
  part.kind = static_cast<Kind>(in.number<std::uint8_t>());
  const auto flags = in.number<std::uint8_t>();
  const auto name_size = in.number<std::uint8_t>();
  part.transfer = in.fixed<TransferId>();
  part.index = in.number<std::uint32_t>();
  part.count = in.number<std::uint32_t>();
  part.offset = in.number<std::uint64_t>();
  part.total = in.number<std::uint64_t>();
  part.hash = in.fixed<ContentHash>();
  const auto size = in.number<std::uint32_t>();
  const auto sender = in.fixed<Address>();
  const auto signature = in.fixed<Signature>();
  part.name = as_text(in.take(name_size));
  const auto bytes = in.take(size);
  if (!in.ok() || (flags & ~signed_flag) != 0) return Error::bad_contents;
  if (std::ranges::any_of(in.rest(), [](auto byte) { return byte != 0; })) return Error::bad_contents;
  part.bytes.assign(bytes.begin(), bytes.end());
  if (!is_sound(part)) return Error::bad_contents;
  if ((flags & signed_flag) == 0) return part;
  if (!verify(sender, signing_bytes(recipient.address(), *plain, name_size + size), signature)) return Error::bad_signature;
  part.sender = sender;
  return part;
}

ContentHash hash_content(ByteView content) noexcept {
  ContentHash hash;
  crypto_hash_sha256(hash.bytes.data(), content.data(), content.size());
  return hash;
}

}  // namespace lethe::client
