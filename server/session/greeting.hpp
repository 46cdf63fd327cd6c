#pragma once
// The first state of a session: it may authenticate, or send anonymously, and nothing else. It consumes itself into the
// credentials that a Conversation starts with; unauthenticated code can't name a mailbox.
// Source: docs/protocol.md, «The session».
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include <lethe/base/limits.hpp>
#include <lethe/base/time.hpp>
#include <lethe/wire/messages.hpp>

namespace lethe::identity {
class Admission;
}
namespace lethe::session {

// What one session was granted beyond or below the defaults (from the admission token). 0: the default.
struct Quota {
  std::uint32_t sends_per_second = 0;
  ByteCount bytes_per_second = 0;
};

// A device that has proven its key.
struct Credentials {
  Address device;
  mailbox::Announcement mailbox;
  std::optional<Epoch> epoch;      // the last one it saw
  std::optional<Quota> quota;
};

// What the relay tells and asks of everyone. Lives as long as the relay.
struct Terms {
  std::string relay;               // public name
  Epoch epoch{};
  const Limits& limits;
  const identity::Admission& admission;
  bool require_exporter = false;   // refuse an auth that isn't bound to the TLS session
};

class Greeting {
 public:
  // `terms` must outlive it. `exporter`: the 32 bytes of RFC 9266's exporter, empty where there is no TLS.
  Greeting(const Terms& terms, const Nonce& nonce, std::span<const std::uint8_t> exporter);

  wire::Hello hello(Instant now) const;

  // A refusal is `unauthenticated` and ends the session: the edge sends the error, then `closing`. Its sentence tells a wrong
  // key, signature or binding from a token that the operator's admission does not accept.
  struct Outcome {
    std::optional<Credentials> credentials;   // absent: refused
    wire::Error error;                        // why; constant sentences
  };
  // Checks the binding, the key, the signature over this greeting's nonce and the relay's own name, then the admission.
  // One try: the nonce is used up.
  Outcome authenticate(const wire::Auth& auth, Instant now) &&;

 private:
  bool proven(const wire::Auth& auth) const;

  const Terms& terms_;
  Nonce nonce_;
  std::optional<std::array<std::uint8_t, 32>> exporter_;
};

}  // namespace lethe::session
