#pragma once
// The auditor's wire format, under the names that the tests use.
#include "audit/peer/wire_codec.hpp"

namespace lethe::test {

using peer::ack_record;
using peer::append_number;
using peer::base64url;
using peer::base64url_decode;
using peer::Encoding;
using peer::framed;
using peer::Heard;
using peer::hex;
using peer::Invite;
using peer::Json;
using peer::Mail;
using peer::name_of;
using peer::read_message;
using peer::read_records;
using peer::Recipient;
using peer::send_message;
using peer::send_record;

}  // namespace lethe::test
