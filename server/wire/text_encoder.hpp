#pragma once
// The JSON texts that the relay sends. Source: docs/protocol.md. `longest` is an upper bound in bytes; `write` fills the
// start of what it is given, which has at least that much, and returns the bytes written.
#include <cstddef>
#include <cstdint>
#include <span>

#include <lethe/wire/messages.hpp>

namespace lethe::wire::text {

std::size_t longest(const ServerMessage& message) noexcept;
std::size_t longest(const Sent& sent) noexcept;
std::size_t longest(const mailbox::Delivery& delivery) noexcept;
std::size_t longest(const mailbox::ReceiptDelivery& receipt) noexcept;

std::size_t write(const ServerMessage& message, std::span<std::uint8_t> out) noexcept;
std::size_t write(const Sent& sent, std::span<std::uint8_t> out) noexcept;
std::size_t write(const mailbox::Delivery& delivery, std::span<std::uint8_t> out) noexcept;
std::size_t write(const mailbox::ReceiptDelivery& receipt, std::span<std::uint8_t> out) noexcept;

}  // namespace lethe::wire::text
