#include "wire/moved_encoder.hpp"

#include <cstring>

#include "base/big_endian.hpp"
#include "base/check.hpp"
#include "wire/payload_reader.hpp"

namespace lethe::wire {

std::uint8_t* MovedEncoder::place(std::size_t size) noexcept {
  LETHE_CHECK(size <= memory_.size() - used_);
  std::uint8_t* const at = memory_.data() + used_;
  used_ += size;
  return at;
}

void MovedEncoder::u16(std::uint16_t value) noexcept { store_big_endian(value, place(sizeof value)); }
void MovedEncoder::u32(std::uint32_t value) noexcept { store_big_endian(value, place(sizeof value)); }
void MovedEncoder::u64(std::uint64_t value) noexcept { store_big_endian(value, place(sizeof value)); }

void MovedEncoder::bytes(std::span<const std::uint8_t> bytes) noexcept {
  std::uint8_t* const at = place(bytes.size());
  if (!bytes.empty()) std::memcpy(at, bytes.data(), bytes.size());
}

// number u32, count u32, floor u64
void MovedEncoder::shard(std::uint32_t number, std::uint32_t count, Seq floor) noexcept {
  kind(MovedKind::shard);
  u32(number);
  u32(count);
  u64(floor);
}

// flags u8 (1 anyone, 2 known, 4 rests), address 32, next_seq u64, generation u32, window u16, min_urgency u8, missed 3 × u64,
// rest i64, revoked u16 × 8
void MovedEncoder::on(const mailbox::MovedMailbox& mailbox) {
  kind(MovedKind::mailbox);
  u8(static_cast<std::uint8_t>((mailbox.anyone ? 1U : 0U) | (mailbox.known ? 2U : 0U) | (mailbox.rest ? 4U : 0U)));
  bytes(mailbox.address.bytes);
  u64(mailbox.next_seq);
  u32(mailbox.generation);
  u16(mailbox.window);
  u8(static_cast<std::uint8_t>(mailbox.min_urgency));
  u64(mailbox.missed.expired);
  u64(mailbox.missed.displaced);
  u64(mailbox.missed.recalled);
  left(mailbox.rest.value_or(milliseconds{0}));
  u16(static_cast<std::uint16_t>(mailbox.revoked.size()));
  for (const InviteLabel& label : mailbox.revoked) bytes(label.bytes);
  ++totals_.mailboxes;
}

// flags u8 (bits 0–1 urgency, 4 delivered, 8 has an address), fate u8 (0: a message), id 16, seq u64, received i64, left i64,
// ttl u32, sender u64, topic u64, the address if it has one, the payload
void MovedEncoder::on(const mailbox::MovedEntry& entry, const mailbox::Payload& from) {
  kind(MovedKind::entry);
  u8(static_cast<std::uint8_t>(static_cast<unsigned>(entry.urgency) | (entry.delivered ? 4U : 0U) | (entry.address ? 8U : 0U)));
  u8(entry.fate ? static_cast<std::uint8_t>(*entry.fate) : std::uint8_t{0});
  bytes(entry.id.bytes);
  u64(entry.seq);
  u64(static_cast<std::uint64_t>(entry.received.time_since_epoch().count()));
  left(entry.left);
  u32(static_cast<std::uint32_t>(entry.ttl.count()));
  u64(static_cast<std::uint64_t>(entry.sender));
  u64(static_cast<std::uint64_t>(entry.topic));
  if (entry.address) bytes(entry.address->bytes);
  payload(from);
  ++totals_.entries;
  totals_.bytes += from.size();
}

// form u8, the number u32 where it is shared, size u32 and the bytes where they come here
void MovedEncoder::payload(const mailbox::Payload& from) {
  const auto shared = shared_.number_of(from);
  const auto form = shared ? (shared->first ? MovedPayloadForm::first : MovedPayloadForm::again)
                           : (from.size() == 0 ? MovedPayloadForm::none : MovedPayloadForm::own);
  u8(static_cast<std::uint8_t>(form));
  if (shared) u32(shared->number);
  if (form == MovedPayloadForm::none || form == MovedPayloadForm::again) return;
  u32(static_cast<std::uint32_t>(from.size()));
  std::uint8_t* const at = place(from.size());
  PayloadReader::copy(from, Encoding::binary, {at, from.size()});
}

// hash u64, left i64
void MovedEncoder::on(const mailbox::MovedId& id) {
  kind(MovedKind::id);
  u64(id.hash);
  left(id.left);
}

// invite u64, messages u32, left i64
void MovedEncoder::on(const mailbox::MovedRate& rate) {
  kind(MovedKind::rate);
  u64(rate.invite);
  u32(rate.messages);
  left(rate.left);
}

// count u16, each u64
void MovedEncoder::counters(std::span<const std::uint64_t> values) noexcept {
  kind(MovedKind::counters);
  u16(static_cast<std::uint16_t>(values.size()));
  for (const std::uint64_t value : values) u64(value);
}

// size u16, the bytes
void MovedEncoder::ticket_keys(std::span<const std::uint8_t> keys) noexcept {
  kind(MovedKind::ticket_keys);
  u16(static_cast<std::uint16_t>(keys.size()));
  bytes(keys);
}

// mailboxes u64, entries u64, bytes u64
void MovedEncoder::end() noexcept {
  kind(MovedKind::end);
  u64(totals_.mailboxes);
  u64(totals_.entries);
  u64(totals_.bytes);
}

}  // namespace lethe::wire
