#pragma once
// Keeps what a decoder hands over, and turns payloads into bytes by way of an arena, as a session does.
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/arena.hpp"
#include "wire/decoder.hpp"
#include "wire/payload_reader.hpp"
#include "wire/payload_writer.hpp"

namespace lethe::wire {

class Recorder : public ClientMessages, public Decoder::Faults {
 public:
  using Item = std::variant<Auth, Send, Ack, Recall, MailboxChange, Ping, Fault>;

  void on(const Auth& message) override { keep(message); }
  void on(const Send& message) override {
    payloads.push_back(bytes_of(message.payload));
    keep(message);
  }
  void on(const Ack& message) override { keep(message); }
  void on(const Recall& message) override { keep(message); }
  void on(const MailboxChange& message) override { keep(message); }
  void on(const Ping& message) override { keep(message); }
  void on(const Fault& fault) override { keep(fault); }
  bool open() const override { return items.size() < close_after; }

  // The only item, which is a T; throws otherwise.
  template <class T>
  const T& only() const {
    if (items.size() != 1) throw std::logic_error("not one item");
    return std::get<T>(items.front());
  }

  // The payload as stored; "(not stored)" where it could not be.
  std::string bytes_of(const PayloadSource& source) {
    const PayloadWriter::Stored stored = PayloadWriter::store(source, arena_.shard(0));
    if (stored.outcome != PayloadWriter::Outcome::stored) return "(not stored)";
    std::string bytes(stored.payload.size(), '\0');
    PayloadReader::copy(stored.payload, Encoding::binary, {reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
    return bytes;
  }
  // Bytes of the arena in use.
  ByteCount held() const { return arena_.used(); }

  std::vector<Item> items;
  std::vector<std::string> payloads;   // of the sends, in order
  std::size_t close_after = SIZE_MAX;

 private:
  template <class T>
  void keep(const T& item) {
    items.emplace_back(item);
  }
  Arena arena_{Arena::Options{.size = 4 << 20, .locking = MemoryLocking::off, .shards = 1}};
};

inline std::span<std::uint8_t> frame_of(std::string& text) {
  return {reinterpret_cast<std::uint8_t*>(text.data()), text.size()};
}

// Decodes one text message in a JSON session (or another one). Payloads of kept sends point into nothing afterwards.
inline void decode_text(std::string text, Recorder& recorder, const Limits& limits = {}, Encoding encoding = Encoding::json) {
  Decoder decoder{limits};
  decoder.decode(encoding, Frame::text, frame_of(text), recorder, recorder);
}

// Decodes one binary message in a binary session.
inline void decode_binary(std::vector<std::uint8_t> frame, Recorder& recorder, const Limits& limits = {}) {
  Decoder decoder{limits};
  std::span<std::uint8_t> rest{frame};
  do rest = decoder.decode(Encoding::binary, Frame::binary, rest, recorder, recorder);
  while (!rest.empty());
}

// An identifier of equal bytes, and its text where all are 0xff (the last letter depends on the length).
template <class Id>
Id filled(std::uint8_t byte) {
  Id id;
  id.bytes.fill(byte);
  return id;
}
inline const std::string address_ff = std::string(42, '_') + "8";   // 32 bytes
inline const std::string id_ff = std::string(21, '_') + "w";        // 16 bytes
inline const std::string signature_ff = std::string(85, '_') + "w"; // 64 bytes
inline const std::string label_ff = std::string(10, '_') + "8";     // 8 bytes
inline const std::string invite_ff = std::string(122, '_') + "8";   // 92 bytes
inline const std::string address_00 = std::string(43, 'A');
inline const std::string id_00 = std::string(22, 'A');

}  // namespace lethe::wire
