#pragma once
// What must hold between options. Each rule is checked once all of them are set, and is listed in docs/configuration.md.
#include <span>
#include <string_view>

#include "ops/config.hpp"

namespace lethe::ops {

struct Rule {
  std::string_view option;        // the one to name and to change
  std::string_view requirement;   // reads on after the name: «must not exceed …»
  bool (*holds)(const Config& config);
};

std::span<const Rule> rules() noexcept;

// Throws ConfigError for the first rule that doesn't hold.
void check_rules(const Config& config);

// Bytes of the longest JSON `send` that the message limits allow: the largest payload in base64url, to as many recipients
// as may be, each with an invite.
ByteCount largest_send(const MessageLimits& limits) noexcept;

// What a UNIX socket can be called, as it is configured (unix(7)); empty: none.
bool is_hand_over_name(std::string_view name) noexcept;

// A name that is nobody's on the internet (RFC 6761; RFC 6762 for .local), so that a development certificate may stand for it.
bool is_local_name(std::string_view name) noexcept;

}  // namespace lethe::ops
