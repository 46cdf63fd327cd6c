#pragma once
// The wire format once more, written from the protocol page and not from the server: what a client sends and what it hears,
// in either encoding. What comes as a record is told in the words of the JSON messages, so one caller serves both.
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <lethe/base/ids.hpp>

namespace lethe::peer {

using Json = nlohmann::json;
enum class Encoding { json, binary };
inline const char* name_of(Encoding encoding) { return encoding == Encoding::json ? "json" : "binary"; }

std::string base64url(std::span<const std::uint8_t> bytes);
std::string base64url(std::string_view text);
std::string base64url_decode(std::string_view text);
std::string hex(std::span<const std::uint8_t> bytes);
// Network order.
void append_number(std::string& out, std::uint64_t value, int size);

using Invite = std::array<std::uint8_t, 92>;

struct Recipient {
  Address device;
  std::optional<Invite> invite;
};

struct Mail {
  MessageId id;
  std::vector<Recipient> to;
  std::string payload = "hello";
  std::optional<std::uint32_t> ttl;   // absent: the default; a record says it in full
  std::string urgency = "normal";
  std::string topic;
  bool receipt = false;
};

// One message of the relay: its type, its fields as the JSON messages name them, and a delivery's payload decoded.
// Two more types stand for the end: «closed» (with the WebSocket close code) and «gone» (without one).
struct Heard {
  std::string type;
  Json fields;
  std::string payload;
  unsigned close_code = 0;

  std::uint64_t seq() const { return fields.at("seq").get<std::uint64_t>(); }
  std::string text(const char* field) const { return fields.at(field).get<std::string>(); }
  std::int64_t number(const char* field) const { return fields.at(field).get<std::int64_t>(); }
  bool truth(const char* field) const { return fields.at(field).get<bool>(); }
  bool is(const MessageId& id) const { return fields.at("id") == base64url(id.bytes); }
  // Of `sent`: the code with which `device` was refused; empty where it was not.
  std::string refusal_of(const Address& device) const;
};

Json send_message(const Mail& mail);
std::string send_record(const Mail& mail);
std::string ack_record(std::uint64_t up_to, const std::vector<std::uint64_t>& seqs);
// With its length before it, as it stands in a binary message.
std::string framed(std::string_view record);

Heard read_message(std::string_view text);
// All records of one binary message. Throws where it is not made of whole, known records.
std::vector<Heard> read_records(std::string_view message);

}  // namespace lethe::peer
