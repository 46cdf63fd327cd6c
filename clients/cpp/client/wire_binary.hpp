#pragma once
// The binary records of docs/protocol.md, from the client's side: encodes send and ack, decodes sent, deliver and receipt.
// A binary WebSocket message is a sequence of records, each with its length as u32 before it. Big-endian.
#include <vector>

#include <lethe/client/error.hpp>
#include <lethe/client/messages.hpp>

namespace lethe::client {

// Append one record, with its length.
void append_record(Bytes& out, const Send& send);
void append_record(Bytes& out, const Ack& ack);

// All records of one WebSocket message in order; records of an unknown kind become Unknown. Error::malformed when a length
// or a layout is wrong, or there is no record at all.
Result<std::vector<FromRelay>> read_records(ByteView message);

}  // namespace lethe::client
