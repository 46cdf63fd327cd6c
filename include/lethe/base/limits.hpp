#pragma once
// Every limit of the relay with its default. Each is named in the configuration (section and field as here), is charged
// before memory is taken, and is refused with its own reason (docs/configuration.md, docs/protocol.md).
#include <cstddef>
#include <cstdint>

#include <lethe/base/time.hpp>

namespace lethe {

using ByteCount = std::uint64_t;

// What one message may be.
struct MessageLimits {
  ByteCount payload = 65'536;            // bytes of one payload; larger: error too_large
  std::uint16_t recipients = 1'024;      // of one send; more: error too_many_recipients
  seconds ttl{1'209'600};                // longest lifetime granted (14 days); longer is shortened to it
  seconds default_ttl{604'800};          // where a send names none (7 days)
  seconds ephemeral_wait{10};            // how long a ttl-0 message waits behind a full window
};

// What one mailbox may hold and how it is delivered.
struct MailboxLimits {
  std::uint32_t messages = 100'000;      // entries a mailbox; more: mailbox_full
  ByteCount bytes = 134'217'728;         // payload bytes a mailbox (128 MiB); more: mailbox_full
  std::uint32_t sender_percent = 25;     // share of `bytes` and `messages` that one sender may fill; more: mailbox_full
  std::uint32_t receipts = 10'000;       // receipts waiting for an absent sender; more: the oldest is displaced and counted in `missed`
  std::uint32_t window = 256;            // largest and default window, in messages
  ByteCount window_bytes = 1'048'576;    // bytes in flight to one session (1 MiB)
  std::uint32_t revoked = 256;           // revoked labels a mailbox may announce
  seconds memory{1'209'600};             // how long an empty mailbox is remembered after its device left (14 days)
  seconds dedupe{600};                   // how long the id of an acknowledged message is remembered (10 minutes)
};

// What the relay may hold, over all mailboxes.
struct RelayLimits {
  ByteCount bytes = 201'326'592;         // payload bytes queued (192 MiB); more: relay_full for every urgency
  std::uint32_t low_watermark = 80;      // percent of `bytes` from which very-low is refused; low and normal follow in equal steps
  std::uint64_t mailboxes = 1'000'000;   // mailboxes known at once; more: relay_full
  std::uint64_t dedupe_entries = 4'000'000;   // acknowledged ids remembered; beyond it the oldest is forgotten early
  std::uint64_t invites = 100'000;       // verified invites remembered; beyond it the oldest is verified again
};

// Who may connect and how fast.
struct SessionLimits {
  std::uint32_t total = 100'000;                 // sessions; more: 503
  std::uint32_t per_source = 1'000;              // sessions a source prefix (IPv4 /32, IPv6 /64); more: 429
  std::uint32_t handshakes_per_second = 50;      // new connections a second and source prefix, burst ten times that; more: 429
  std::uint32_t sends_per_second = 2'000;        // sends a second and session, burst ten times that; more: error rate_limited
  ByteCount bytes_per_second = 16'777'216;       // payload bytes a second and session, burst ten times that; more: error rate_limited
  std::uint32_t verifications_per_second = 100;  // unknown invites checked a second and session, burst ten times that; more: error rate_limited
  ByteCount frame = 1'048'576;                   // one WebSocket message (at least a payload with its envelope); more: close 1009
  std::uint32_t json_depth = 8;                  // nesting of a control message; deeper: malformed
  ByteCount header = 8'192;                      // bytes of an upgrade request; more: 431
  ByteCount outbox = 262'144;                    // replies waiting for a slow reader, in bytes; beyond it the session is not read
  ByteCount transit = 67'108'864;                // unfinished incoming messages and unsent output, all sessions of the relay (64 MiB)
  seconds authenticate{10};                      // from the connection's first byte to `auth`; after it, anonymous
  seconds idle{300};                             // without a message or a pong; then close 4003
  seconds ping{60};                              // quiet time after which the server pings
  seconds message{20};                           // for one WebSocket message to arrive whole; then close 4004
  seconds write{30};                             // without progress of a blocked write; then close 4004
};

struct Limits {
  MessageLimits message;
  MailboxLimits mailbox;
  RelayLimits relay;
  SessionLimits session;
};

}  // namespace lethe
