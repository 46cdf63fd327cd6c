#pragma once
// Payloads and encoded messages for the tests of the encoders.
#include <concepts>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/arena.hpp"
#include "wire/encoder.hpp"
#include "wire/payload_writer.hpp"

namespace lethe::wire {

inline mailbox::Payload payload_of(std::string_view bytes, ArenaShard& arena) {
  const PayloadSource source{{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, bytes.size(), Encoding::binary};
  PayloadWriter::Stored stored = PayloadWriter::store(source, arena);
  if (stored.outcome != PayloadWriter::Outcome::stored) throw std::runtime_error("the arena of the test is full");
  return std::move(stored.payload);
}

// The bytes of one delivery or receipt; throws where they are more than size_of promised.
template <class Outgoing>
  requires(!std::convertible_to<Outgoing, ServerMessage>)
std::string encoded(const Outgoing& outgoing, Encoding encoding) {
  const Encoder encoder{encoding};
  const std::size_t bound = encoder.size_of(outgoing);
  std::string out(bound + 1, '#');
  const std::size_t written = encoder.encode(outgoing, {reinterpret_cast<std::uint8_t*>(out.data()), bound});
  if (written > bound || (encoding == Encoding::binary && written != bound)) throw std::logic_error("size_of was wrong");
  if (out.back() != '#') throw std::logic_error("written past the end");
  return out.substr(0, written);
}

inline std::string encoded(const ServerMessage& message, Encoding encoding) {
  std::vector<std::uint8_t> out{'>'};
  Encoder{encoding}.encode(message, out);
  if (out.front() != '>') throw std::logic_error("not appended");
  return {out.begin() + 1, out.end()};
}

inline Wall wall(std::int64_t ms) { return Wall{milliseconds{ms}}; }

}  // namespace lethe::wire
