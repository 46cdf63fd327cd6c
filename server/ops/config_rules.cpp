#include "ops/config_rules.hpp"

#include "base/hand_over.hpp"
#include "ops/config_error.hpp"

namespace lethe::ops {
namespace {

// Of one mailbox, what one sender may fill.
ByteCount sender_share(const MailboxLimits& limits) { return limits.bytes / 100 * limits.sender_percent; }

constexpr Rule kRules[] = {
    {"tls.key", "must be given together with tls.certificate",
     [](const Config& c) { return c.tls.certificate.empty() == c.tls.key.empty(); }},
    {"tls.plaintext", "can't be combined with tls.certificate",
     [](const Config& c) { return !c.tls.plaintext || c.tls.certificate.empty(); }},
    {"tls.require_exporter", "needs TLS and can't be combined with tls.plaintext",
     [](const Config& c) { return !c.tls.require_exporter || !c.tls.plaintext; }},
    {"tls.certificate",
     "is needed where the name is not local: the development certificate is only for localhost, *.localhost, *.local, *.test, "
     "127.x.x.x and ::1",
     [](const Config& c) { return c.tls.plaintext || !c.tls.certificate.empty() || is_local_name(c.name); }},
    {"admin", "must not be where the clients connect (listen)",
     [](const Config& c) { return !c.admin || c.admin->port == 0 || *c.admin != c.listen; }},
    {"hand_over", "must be @ and a name, or an absolute path, of 107 bytes at most",
     [](const Config& c) { return is_hand_over_name(c.hand_over); }},
    {"admission.key_file", "is needed with admission.mode jwt, and only with it",
     [](const Config& c) { return (c.admission.mode == AdmissionMode::jwt) != c.admission.key_file.empty(); }},
    {"memory.secret", "can't be required with memory.locking off: secret memory is locked",
     [](const Config& c) { return c.memory.secret != SecretMemory::required || c.memory.locking != MemoryLocking::off; }},
    {"limits.message.default_ttl", "must not exceed limits.message.ttl",
     [](const Config& c) { return c.limits.message.default_ttl <= c.limits.message.ttl; }},
    {"limits.relay.bytes", "must not exceed memory.arena",
     [](const Config& c) { return c.limits.relay.bytes <= c.memory.arena; }},
    {"limits.relay.bytes", "must be at least twice limits.message.payload, so that every urgency can use it",
     [](const Config& c) { return c.limits.relay.bytes >= 2 * c.limits.message.payload; }},
    {"limits.mailbox.bytes",
     "must hold the largest payload (limits.message.payload) within one sender's share (limits.mailbox.sender_percent)",
     [](const Config& c) { return sender_share(c.limits.mailbox) >= c.limits.message.payload; }},
    {"limits.mailbox.window_bytes", "must hold the largest payload (limits.message.payload)",
     [](const Config& c) { return c.limits.mailbox.window_bytes >= c.limits.message.payload; }},
    {"limits.session.frame",
     "must hold a JSON send of the largest payload (limits.message.payload, four characters for three bytes) to the most "
     "recipients (limits.message.recipients, 200 bytes each), and 512 bytes",
     [](const Config& c) { return c.limits.session.frame >= largest_send(c.limits.message); }},
    {"limits.session.transit", "must hold one WebSocket message (limits.session.frame)",
     [](const Config& c) { return c.limits.session.transit >= c.limits.session.frame; }},
    {"limits.session.bytes_per_second",
     "must let the largest payload through in a burst: at least a tenth of limits.message.payload",
     [](const Config& c) { return c.limits.session.bytes_per_second * 10 >= c.limits.message.payload; }},
    {"limits.session.ping", "must be shorter than limits.session.idle",
     [](const Config& c) { return c.limits.session.ping < c.limits.session.idle; }},
    {"drain.retry_after.min", "must not exceed drain.retry_after.max",
     [](const Config& c) { return c.drain.retry_after.min <= c.drain.retry_after.max; }},
};

}  // namespace

std::span<const Rule> rules() noexcept { return kRules; }

void check_rules(const Config& config) {
  for (const Rule& rule : kRules) {
    if (!rule.holds(config)) throw ConfigError{rule.option, rule.requirement};
  }
}

ByteCount largest_send(const MessageLimits& limits) noexcept {
  // {"device":"43 characters","invite":"123 characters"}, is 193 bytes; the rest of a send is under 300.
  constexpr ByteCount recipient = 200;
  constexpr ByteCount envelope = 512;
  return (limits.payload + 2) / 3 * 4 + recipient * limits.recipients + envelope;
}

bool is_hand_over_name(std::string_view name) noexcept {
  if (name.empty()) return true;
  return (name.front() == '@' || name.front() == '/') && name.size() > 1 && name.size() <= longest_hand_over_name;
}

bool is_local_name(std::string_view name) noexcept {
  if (name == "localhost" || name == "::1") return true;
  if (name.starts_with("127.") && is_address(name)) return true;
  return name.ends_with(".localhost") || name.ends_with(".local") || name.ends_with(".test");
}

}  // namespace lethe::ops
