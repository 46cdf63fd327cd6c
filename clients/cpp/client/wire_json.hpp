#pragma once
// The JSON messages of docs/protocol.md, from the client's side. All of them in a lethe.v1.json session, the control
// messages in every session.
#include <string>

#include <lethe/client/error.hpp>
#include <lethe/client/messages.hpp>

namespace lethe::client {

Bytes to_json(const Auth& auth);
Bytes to_json(const MailboxSettings& changes);  // {"type":"mailbox",…}
Bytes to_json(const Send& send);
Bytes to_json(const Ack& ack);
Bytes to_json(const Recall& recall);
Bytes to_json(const Ping& ping);

// Unknown for a type that is not known; Error::malformed when the text is no JSON object with a type, or a field that its
// type needs is missing or of another kind. Unknown fields are ignored.
Result<FromRelay> read_json(ByteView text);

}  // namespace lethe::client
