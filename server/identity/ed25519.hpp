#pragma once
// Ed25519 verification (RFC 8032), stricter about keys than OpenSSL 3.0. The relay only verifies; it never signs. Pure
// functions, any thread; OpenSSL's error queue is left as it was.
#include <cstdint>
#include <span>

#include <lethe/base/ids.hpp>

namespace lethe::identity {

// False for the keys under which a signature proves nothing or which have a second spelling:
// - a y coordinate of p = 2^255 - 19 or more (not canonical),
// - any of the eight points of small order, whatever the sign bit says; this covers x = 0 with the sign bit set.
// It does not decode the point: bytes that are not on the curve pass here and fail in `verify`.
bool acceptable_key(const Address& key) noexcept;

// True if `signature` is `key`'s signature of `message`. False too for an unacceptable key, a point not on the curve, and
// a signature that is not canonical (S of the group order L or more, R not as the encoder would write it).
bool verify(const Address& key, std::span<const std::uint8_t> message, const Signature& signature) noexcept;

}  // namespace lethe::identity
