#include "session/greeting.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "identity/admission.hpp"
#include "identity/auth.hpp"

namespace lethe::session {
namespace {

using wire::ErrorCode;

Greeting::Outcome refused(ErrorCode code, std::string_view why) {
  return {std::nullopt, wire::Error{code, why, {}, {}}};
}

std::optional<Quota> quota_of(const identity::Claims& claims) {
  if (!claims.sends_per_second && !claims.bytes_per_second) return std::nullopt;
  return Quota{claims.sends_per_second.value_or(0), claims.bytes_per_second.value_or(0)};
}

}  // namespace

Greeting::Greeting(const Terms& terms, const Nonce& nonce, std::span<const std::uint8_t> exporter)
    : terms_{terms}, nonce_{nonce} {
  if (exporter.empty()) return;
  LETHE_CHECK(exporter.size() == 32);
  std::copy(exporter.begin(), exporter.end(), exporter_.emplace().begin());
}

wire::Hello Greeting::hello(Instant now) const {
  const Limits& limits = terms_.limits;
  wire::Hello hello;
  hello.relay = terms_.relay;
  hello.nonce = nonce_;
  hello.epoch = terms_.epoch;
  hello.time = now.wall;
  hello.payload = limits.message.payload;
  hello.recipients = limits.message.recipients;
  hello.ttl = limits.message.ttl;
  hello.window = limits.mailbox.window;
  hello.window_bytes = limits.mailbox.window_bytes;
  hello.idle = limits.session.idle;
  return hello;
}

bool Greeting::proven(const wire::Auth& auth) const {
  std::optional<identity::TlsExporter> bound;
  if (auth.exporter_bound) bound.emplace(*exporter_);
  // It refuses the keys that prove nothing, too.
  return identity::verify_auth(terms_.relay, nonce_, bound, auth.device, auth.signature);
}

Greeting::Outcome Greeting::authenticate(const wire::Auth& auth, Instant now) && {
  if (auth.exporter_bound && !exporter_) {
    return refused(ErrorCode::unauthenticated, "The relay sees no TLS exporter to bind to on this connection.");
  }
  if (terms_.require_exporter && !auth.exporter_bound) {
    return refused(ErrorCode::unauthenticated, "This relay asks for a signature that is bound to the TLS session.");
  }
  if (!proven(auth)) return refused(ErrorCode::unauthenticated, "The signature does not prove the device's key.");

  const Result<identity::Claims> admitted = terms_.admission.admit(auth.admission, auth.device, now.wall);
  if (!admitted) return refused(ErrorCode::unauthenticated, "The admission token does not admit this device.");

  Outcome outcome;
  outcome.credentials = Credentials{auth.device, auth.mailbox, auth.epoch, quota_of(*admitted)};
  return outcome;
}

}  // namespace lethe::session
