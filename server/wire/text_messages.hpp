#pragma once
// The messages that a client sends as JSON, decoded from the parsed object. Source: docs/protocol.md. Unknown fields are
// ignored; a known field with a value of another form is refused, null included.
#include <optional>

#include <lethe/base/limits.hpp>
#include <nlohmann/json_fwd.hpp>

#include "wire/fault.hpp"
#include "wire/text_scan.hpp"

namespace lethe::wire {

// Each takes a JSON object, fills every field of the message, and returns why it is refused, if it is; the message is then
// unspecified. No fault from here is fatal. Faults of a send or a recall carry its id where that could be read.
std::optional<Fault> read_auth(const nlohmann::json& object, const MailboxLimits& limits, Auth& auth);
// The object's "payload" is looked at through `scan` only; send.payload points into the text that was scanned.
std::optional<Fault> read_send(const nlohmann::json& object, const TextScan& scan, const MessageLimits& limits, Send& send);
std::optional<Fault> read_ack(const nlohmann::json& object, Ack& ack);
std::optional<Fault> read_recall(const nlohmann::json& object, Recall& recall);
std::optional<Fault> read_mailbox(const nlohmann::json& object, const MailboxLimits& limits, MailboxChange& change);

}  // namespace lethe::wire
