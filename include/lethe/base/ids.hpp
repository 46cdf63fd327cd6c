#pragma once
// The identifiers of the protocol as distinct types, so that one can't stand in for another. None has a formatter or a
// stream operator: an identifier never reaches a log (tests/compile_fail). Sources: docs/protocol.md, «Terms».
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <span>

namespace lethe {

// N raw bytes with a meaning. Regular, comparable, without a text form.
template <class Tag, std::size_t N>
struct FixedBytes {
  static constexpr std::size_t size = N;
  std::array<std::uint8_t, N> bytes{};

  // Precondition: `raw` has exactly N bytes.
  static FixedBytes from(std::span<const std::uint8_t> raw) noexcept {
    FixedBytes result;
    std::memcpy(result.bytes.data(), raw.data(), N);
    return result;
  }
  friend auto operator<=>(const FixedBytes&, const FixedBytes&) = default;
};

using Address = FixedBytes<struct AddressTag, 32>;          // a device's raw Ed25519 public key
using MessageId = FixedBytes<struct MessageIdTag, 16>;      // chosen at random by the sender
using Nonce = FixedBytes<struct NonceTag, 32>;              // the challenge in `hello`
using Signature = FixedBytes<struct SignatureTag, 64>;      // Ed25519 (RFC 8032)
using InviteLabel = FixedBytes<struct InviteLabelTag, 8>;   // names an invite for revocation

// A random number, new whenever the contents of the mailboxes may have been lost.
enum class Epoch : std::uint64_t {};

// Position of an entry in its mailbox; rises within an epoch, starts at 1. 0 means «none».
using Seq = std::uint64_t;

// What a log may say of a session: a number counted from 1 within the process.
enum class SessionNumber : std::uint64_t {};

}  // namespace lethe
