#pragma once
// The auditor's connection and HTTP exchange, under the names that the tests use.
#include "audit/peer/tls_client.hpp"
#include "support/relay_process.hpp"

namespace lethe::test {

using peer::ask;
using peer::HttpReply;
using peer::parse_reply;
using peer::TlsClient;
using peer::TlsSession;
using peer::TlsSettings;
using peer::upgrade_request;

}  // namespace lethe::test
