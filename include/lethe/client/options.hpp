#pragma once
// How a Client connects and behaves. Every field has a default but the endpoint.
#include <cstddef>
#include <optional>
#include <string>

#include <lethe/base/time.hpp>
#include <lethe/client/link.hpp>
#include <lethe/client/messages.hpp>

namespace lethe::client {

// Whom to believe to be the relay. By default: a chain to the system's CAs, for the host that was dialled.
struct Trust {
  std::string ca_file;                   // PEM; these CAs instead of the system's
  std::optional<Fingerprint> pin;        // this one certificate, whoever signed it, whatever its name
  bool insecure = false;                 // any certificate: anyone on the way can be the relay
  bool plain = false;                    // no TLS at all (ws://): for tests on one machine
  bool allow_tls12 = false;              // TLS 1.3 only otherwise
};

// Waiting between attempts: start, doubled each time up to `longest`, each wait drawn from its upper half.
struct BackoffOptions {
  milliseconds first{500};
  milliseconds longest{60'000};
};

struct Options {
  Endpoint relay;
  std::string relay_name;                // what hello must name; empty: the host, or host:port
  Trust trust;
  Encoding encoding = Encoding::binary;
  std::optional<Identity> identity;      // none: an anonymous session, which may only send to anonymous invites
  std::string admission;                 // JWT, where the relay asks for one
  bool bind_to_tls = false;              // sign the TLS exporter too (RFC 9266)
  MailboxSettings mailbox;               // announced with every auth
  std::optional<Epoch> epoch;            // the last one seen by an earlier process

  BackoffOptions backoff;
  bool reconnect = true;
  std::optional<milliseconds> give_up;   // stop when disconnected for so long (also at the start)
  milliseconds connect_timeout{15'000};  // for each of: connection and TLS handshake, WebSocket upgrade
  milliseconds idle{90'000};             // without a sign of life of the relay the connection is dropped

  std::size_t in_flight = 64;            // sends without an answer at a time; the rest waits in the outbox
  std::size_t remembered_ids = 8'192;    // received ids kept against duplicates; more than any window
};

}  // namespace lethe::client
