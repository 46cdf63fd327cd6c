#pragma once
// The auditor's client, connected to a test's relay.
#include "audit/peer/wire_peer.hpp"
#include "support/keys.hpp"
#include "support/relay_process.hpp"
#include "support/tls_client.hpp"
#include "support/wire_codec.hpp"

namespace lethe::test {

using peer::AuthOptions;
using peer::invited;
using peer::invited_anonymously;
using peer::mail_to;
using peer::new_id;
using peer::Opcode;

class WirePeer : public peer::WirePeer {
 public:
  WirePeer(const RelayProcess& relay, Encoding encoding, const TlsSettings& settings = {}, std::string_view fields = {})
      : peer::WirePeer{relay.port(), encoding, settings, fields} {}
};

}  // namespace lethe::test
