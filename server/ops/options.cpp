#include "ops/options.hpp"

#include <algorithm>
#include <numeric>

#include "ops/option_field.hpp"

// A field's path, once: it is the option's name and the way to it.
#define AT(path) #path, [](auto& config) -> auto& { return config.path; }

namespace lethe::ops {
namespace {

constexpr std::uint64_t kMiB = 1'048'576;
constexpr std::uint64_t kGiB = 1'024 * kMiB;
constexpr std::uint64_t kTiB = 1'024 * kGiB;
constexpr std::uint64_t kDay = 86'400;
constexpr std::uint64_t kYear = 365 * kDay;
constexpr std::uint64_t kMany = 1'000'000'000;

constexpr std::string_view kTlsVersions[] = {"1.2", "1.3"};
constexpr std::string_view kAdmissionModes[] = {"open", "jwt"};
constexpr std::string_view kEfforts[] = {"required", "best-effort", "off"};
constexpr std::string_view kLevels[] = {"debug", "info", "warning", "error"};
constexpr std::string_view kFormats[] = {"text", "json"};
constexpr std::string_view kLockdown[] = {"strict", "best-effort", "off"};
constexpr std::string_view kHostChecks[] = {"strict", "warn", "off"};

constexpr bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// Lower case, because clients sign the name as it stands and browsers write hosts so.
bool is_public_name(std::string_view name) {
  if (is_address(name)) return std::ranges::none_of(name, [](char c) { return c >= 'A' && c <= 'Z'; });
  if (name.front() == '.' || name.front() == '-') return false;
  return std::ranges::all_of(name, [](char c) { return is_lower_or_digit(c) || c == '.' || c == '-'; });
}

// RFC 6454, section 6.2: scheme, host and perhaps a port, nothing behind.
bool is_origin(std::string_view origin) {
  if (origin == "*") return true;
  const auto colon = origin.find("://");
  if (colon == origin.npos || colon == 0) return false;
  const auto scheme = origin.substr(0, colon);
  const auto host = origin.substr(colon + 3);
  constexpr std::string_view marks = ".-:[]_";
  return std::ranges::all_of(scheme, [](char c) { return is_lower_or_digit(c) || c == '-'; }) && !host.empty() &&
         std::ranges::all_of(host, [&](char c) { return is_lower_or_digit(c) || marks.find(c) != marks.npos; });
}

constexpr Form kName{"a host name or address in lower case", is_public_name};
constexpr Form kOrigins{"origins such as https://chat.example, or *", is_origin};
constexpr Form kNetworks{"addresses or networks such as 10.0.0.0/8", is_network};

using namespace field;

constexpr Option kOptions[] = {
    endpoint(AT(listen), "Where clients connect; port 0 takes a free one, which the log names."),
    endpoint(AT(admin),
             "Where `/healthz`, `/readyz` and `/metrics` are served, without TLS: keep it private. Empty turns it off."),
    text(AT(name), 253, kName,
         "The public name that clients dial and sign; without a certificate it must be local (localhost, *.localhost, "
         "*.local, *.test, 127.…, ::1)."),
    number(AT(threads), 0, 256, "Worker threads; 0 starts one a core."),
    choice(AT(lockdown), kLockdown,
           "Whether the start fails where a part of the process's confinement can't be had, goes on without it and says so "
           "(DEGRADED), or tries none of it, for test tools."),
    choice(AT(host_check), kHostChecks,
           "Whether the start fails where something of the host breaks the promise (`lethe --doctor` tells what), says so, or "
           "doesn't look."),
    list(AT(allowed_origins), 64, kOrigins,
         "Web origins that may connect. `*` is safe: a session is authenticated by the device's key and never by a cookie, so "
         "a foreign page can do nothing in a user's name. Empty admits only requests without an Origin or from the relay's own."),
    flag(AT(demo),
         "Serve the demo page at `/` on the clients' port, and tell a device how much waits in its own mailbox (docs/demo.md)."),
    path(AT(hand_over),
         "UNIX socket where a relay that is started later, by the same user, takes over what this one holds: `@` and an abstract name, or "
         "a path. Empty turns it off."),

    path(AT(tls.certificate), "PEM file with the certificate chain; empty makes a development certificate in memory."),
    path(AT(tls.key), "PEM file with the certificate's private key."),
    choice(AT(tls.minimum), kTlsVersions, "Lowest TLS version spoken."),
    flag(AT(tls.resumption), "Issue stateless session tickets under keys that are rotated in memory."),
    flag(AT(tls.plaintext), "Speak no TLS: only behind a proxy on the same host or network that ends it."),
    list(AT(tls.trusted_proxies), 64, kNetworks, "Proxies whose word for the client's address is taken."),
    flag(AT(tls.require_exporter),
         "Admit only signatures that are bound to the TLS session (RFC 9266); browsers can't make them."),

    choice(AT(admission.mode), kAdmissionModes, "Who may use the relay: every device, or those with the operator's token (JWT)."),
    path(AT(admission.key_file), "PEM file with the public key that verifies the tokens (P-256, Ed25519 or RSA)."),

    size(AT(memory.arena), kMiB, 16 * kTiB, "Memory for payloads; all of it is taken at the start where it is secret."),
    choice(AT(memory.locking), kEfforts,
           "Whether the start fails where memory can't be locked against swapping, goes on and says so, or doesn't try."),
    choice(AT(memory.secret), kEfforts,
           "Whether the start fails where the payloads' memory can't be kept secret from all other processes, root's too "
           "(memfd_secret), goes on with ordinary memory and says so, or doesn't try. With `memory.locking` off it doesn't try."),

    size(AT(limits.message.payload), 1, Arena::largest_block, "Largest payload; a larger one gets the error `too_large`."),
    number(AT(limits.message.recipients), 1, 65'535, "Recipients of one send; more get the error `too_many_recipients`."),
    duration(AT(limits.message.ttl), 1, kYear, "Longest lifetime granted; a longer one is shortened to it."),
    live(duration(AT(limits.message.default_ttl), 1, kYear, "Lifetime of a message whose send names none.")),
    duration(AT(limits.message.ephemeral_wait), 0, 300, "How long a message with ttl 0 waits behind a full window."),

    live(number(AT(limits.mailbox.messages), 1, kMany, "Entries in one mailbox; more: `mailbox_full`.")),
    live(size(AT(limits.mailbox.bytes), 1, 16 * kTiB, "Payload bytes in one mailbox; more: `mailbox_full`.")),
    live(number(AT(limits.mailbox.sender_percent), 1, 100, "Share of a mailbox that one sender may fill; more: `mailbox_full`.")),
    live(number(AT(limits.mailbox.receipts), 1, kMany, "Receipts waiting for an absent sender; beyond it the oldest goes.")),
    number(AT(limits.mailbox.window), 1, 65'536, "Messages in flight to one session: the largest and the default window."),
    size(AT(limits.mailbox.window_bytes), 1, 16 * kGiB, "Payload bytes in flight to one session."),
    number(AT(limits.mailbox.revoked), 0, 256, "Revoked invite labels that a mailbox may announce."),
    live(duration(AT(limits.mailbox.memory), 0, kYear, "How long an empty mailbox is remembered after its device left.")),
    duration(AT(limits.mailbox.dedupe), 0, kYear, "How long the id of an acknowledged message is remembered, as a keyed hash."),

    size(AT(limits.relay.bytes), 1, 16 * kTiB, "Payload bytes queued in all mailboxes; more: `relay_full`."),
    number(AT(limits.relay.low_watermark), 1, 100,
           "Percent of these bytes from which very low urgency is refused; low and normal follow in equal steps."),
    number(AT(limits.relay.mailboxes), 1, kMany, "Mailboxes known at once; more: `relay_full`."),
    number(AT(limits.relay.dedupe_entries), 1, 100 * kMany,
           "Ids of acknowledged messages remembered; beyond it the oldest is forgotten early."),
    number(AT(limits.relay.invites), 1, kMany, "Verified invites remembered; beyond it the oldest is verified again."),

    number(AT(limits.session.total), 1, kMany, "Sessions; more: 503."),
    live(number(AT(limits.session.per_source), 1, kMany, "Sessions from one source prefix (IPv4 /32, IPv6 /64); more: 429.")),
    live(number(AT(limits.session.handshakes_per_second), 1, kMany / 10,
                "New connections a second from one source prefix, ten times that in a burst; more: 429.")),
    live(number(AT(limits.session.sends_per_second), 1, kMany / 10,
                "Sends a second in one session, ten times that in a burst; more: `rate_limited`.")),
    live(size(AT(limits.session.bytes_per_second), 1, kTiB,
                "Payload bytes a second in one session, ten times that in a burst; more: `rate_limited`.")),
    live(number(AT(limits.session.verifications_per_second), 1, kMany / 10,
                "Unknown invites checked a second in one session, ten times that in a burst; more: `rate_limited`.")),
    size(AT(limits.session.frame), 1'024, 64 * kMiB, "One WebSocket message; a larger one closes with 1009."),
    number(AT(limits.session.json_depth), 3, 64, "Nesting of a JSON message; deeper: `malformed`."),
    size(AT(limits.session.header), 1'024, 65'536, "One upgrade request; a larger one: 431."),
    size(AT(limits.session.outbox), 4'096, kGiB, "Replies waiting for a slow reader; beyond it the session is not read."),
    size(AT(limits.session.transit), kMiB, 16 * kTiB, "Unfinished incoming messages and unsent output of all sessions."),
    live(duration(AT(limits.session.authenticate), 1, 300, "From the connection's first byte to `auth`.")),
    duration(AT(limits.session.idle), 1, kDay, "Without a message or a pong; then close 4003."),
    live(duration(AT(limits.session.ping), 1, kDay, "Quiet time after which the relay pings.")),
    live(duration(AT(limits.session.message), 1, 3'600, "For one WebSocket message to arrive whole; then close 4004.")),
    live(duration(AT(limits.session.write), 1, 3'600, "Without progress of a blocked write; then close 4004.")),

    duration(AT(drain.acks), 0, 600, "How long a stop waits for acknowledgements in flight."),
    duration(AT(drain.retry_after.min), 0, 3'600, "Least wait that a draining relay asks of a client; it draws one for each."),
    duration(AT(drain.retry_after.max), 0, 3'600, "Longest wait that it asks."),

    live(choice(AT(log.level), kLevels, "Least severity logged.")),
    choice(AT(log.format), kFormats, "Lines for people or for programs."),
};

std::size_t edits_between(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::span<const Option> options() noexcept { return kOptions; }

const Option* find_option(std::string_view name) noexcept {
  const auto found = std::ranges::find(kOptions, name, &Option::name);
  return found == std::end(kOptions) ? nullptr : &*found;
}

std::string_view nearest_option(std::string_view name) {
  if (name.empty() || name.size() > 64) return {};
  std::string_view nearest;
  std::size_t least = 4;   // three slips at most
  for (const Option& option : kOptions) {
    const std::size_t edits = edits_between(name, option.name);
    if (edits >= least || edits * 2 >= option.name.size()) continue;
    least = edits;
    nearest = option.name;
  }
  return nearest;
}

std::string variable_name(std::string_view option) {
  std::string variable = "LETHE_";
  for (const char c : option) variable += c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return variable;
}

}  // namespace lethe::ops
