#pragma once
// The records that the relay sends. Source: docs/protocol.md, «Binary records». Sizes are exact and include the length
// before the record. Each `write` fills exactly the size_of bytes that it is given. Numbers too large for their field
// become the largest that fits.
#include <cstddef>
#include <cstdint>
#include <span>

#include <lethe/wire/messages.hpp>

namespace lethe::wire::record {

std::size_t size_of(const Sent& sent) noexcept;
std::size_t size_of(const mailbox::Delivery& delivery) noexcept;
std::size_t size_of(const mailbox::ReceiptDelivery& receipt) noexcept;

void write(const Sent& sent, std::span<std::uint8_t> out) noexcept;
void write(const mailbox::Delivery& delivery, std::span<std::uint8_t> out) noexcept;
void write(const mailbox::ReceiptDelivery& receipt, std::span<std::uint8_t> out) noexcept;

}  // namespace lethe::wire::record
