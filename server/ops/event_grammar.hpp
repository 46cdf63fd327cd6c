#pragma once
// The closed grammar of the log: the events with the fields that each may have, and the error categories. What isn't
// here can't be printed. docs/operations.md, «Log», shows the lines.
#include <cstdint>
#include <string_view>

#include "base/event_log.hpp"

namespace lethe::ops {

// Which fields there are, as bits; the order is that of a line.
enum Field : std::uint16_t {
  session_field = 1, error_field = 2, bytes_field = 4, count_field = 8, port_field = 16, duration_field = 32, code_field = 64,
  level_field = 128, digest_field = 256, option_field = 512
};

// The event's name in the log.
std::string_view name(Event event) noexcept;
// The fields that it may have.
std::uint16_t allowed_fields(Event event) noexcept;
// The fields that are set.
std::uint16_t present_fields(const EventFields& fields) noexcept;

// Where an error came from. Names are those of the libraries; what has none here is `other`.
enum class ErrorCategory : std::uint8_t {
  other, system, generic, asio_misc, asio_netdb, asio_addrinfo, asio_ssl, asio_ssl_stream, beast, beast_http, beast_websocket
};
inline constexpr ErrorCategory last_error_category = ErrorCategory::beast_websocket;

ErrorCategory category_of(const error_code& error) noexcept;
std::string_view name(ErrorCategory category) noexcept;
// An error that prints as `category` and `value` do.
error_code make_error(ErrorCategory category, std::int32_t value) noexcept;

}  // namespace lethe::ops
