#pragma once
// A text or a file on its way out, cut into sealed payloads.
#include <optional>
#include <string>

#include <lethe/client/sealed.hpp>

#include "client/file.hpp"

namespace lethe::client {

class Outgoing {
 public:
  // One text of at most part_capacity(payload_limit, 0) bytes.
  static Outgoing text(ByteView content);
  // A regular file, read twice: for its hash now, and part by part as it is sent.
  static Result<Outgoing> file(const std::string& path);
  // What came through a pipe.
  static Outgoing memory(Bytes content, std::string name);

  // To be called once, before next(): the relay's limit decides how many parts it takes.
  error_code cut(std::size_t payload_limit);

  // Seals the next part for `recipient`; nothing after the last. Error::bad_contents when the file changed meanwhile.
  Result<std::optional<Bytes>> next(const Address& recipient, const Identity* sender);

  std::uint32_t count() const noexcept { return part_.count; }
  std::uint32_t taken() const noexcept { return taken_; }
  std::uint64_t total() const noexcept { return part_.total; }

 private:
  Outgoing() = default;
  error_code hash_file();

  Part part_;  // what all parts have in common
  File file_;
  Bytes content_;
  std::size_t payload_limit_ = 0;
  std::size_t capacity_ = 0;
  std::uint32_t taken_ = 0;
};

}  // namespace lethe::client
