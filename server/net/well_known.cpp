#include "net/well_known.hpp"

#include <nlohmann/json.hpp>

#include "net/posture.hpp"
#include "net/relay_context.hpp"

namespace lethe::net {
namespace {

using nlohmann::ordered_json;

std::string hexadecimal(Epoch epoch) {
  static constexpr char digits[] = "0123456789abcdef";
  const auto value = static_cast<std::uint64_t>(epoch);
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += digits[(value >> shift) & 15];
  return text;
}

ordered_json limits_of(const Limits& limits) {
  return {{"payload", limits.message.payload},
          {"recipients", limits.message.recipients},
          {"ttl", limits.message.ttl.count()},
          {"window", limits.mailbox.window},
          {"window_bytes", limits.mailbox.window_bytes},
          {"idle", limits.session.idle.count()}};
}

// By the names of docs/retention.md; true only for what this process has verified or can't be without.
ordered_json protections_of(const RelayContext& relay, const Posture& posture) {
  const Protections& verified = posture.protections;
  return {{"memory_only", true},
          {"locked_arena", relay.arena.locked()},
          {"wiping", true},
          {"tls", relay.tls != nullptr},
          {"no_session_tickets", relay.tls != nullptr && !relay.options.tls.resumption},
          {"closed_log", true},
          {"seccomp", verified.seccomp && verified.self_test},
          {"landlock", verified.landlock},
          {"resource_limits", verified.resource_limits},
          {"not_dumpable", verified.not_dumpable},
          {"no_new_privileges", verified.no_new_privileges},
          {"no_capabilities", verified.no_capabilities},
          {"clean_environment", verified.clean_environment},
          {"secret_arena", relay.arena.secret()},
          {"broker", posture.broker}};
}

}  // namespace

std::string describe(const RelayContext& relay, const Posture& posture) {
  const ordered_json page = {
      {"server", "lethe"},
      {"version", relay.options.version},
      {"build", relay.options.build},
      {"protocols", {std::string{json_subprotocol}, std::string{binary_subprotocol}}},
      {"relay", relay.options.name},
      {"epoch", hexadecimal(relay.epoch)},
      {"limits", limits_of(relay.limits)},
      {"retention", {{"engine", "memory"}, {"longest_ttl", relay.limits.message.ttl.count()}}},
      {"degraded", posture.degraded()},
      {"protections", protections_of(relay, posture)},
  };
  return page.dump() + "\n";
}

}  // namespace lethe::net
