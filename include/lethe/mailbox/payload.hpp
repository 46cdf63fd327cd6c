#pragma once
// The opaque payload of a message.
//
// A Payload owns one reference to bytes in the locked arena; when the last reference goes, the bytes are overwritten. It
// offers its size and nothing else: no copy, comparison, iteration, text form or JSON (tests/compile_fail pins each
// absence). Its bytes open to the holder of a PayloadKey, and PayloadKey's friend list is the whole answer to the question
// «which code can read a message?».
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace lethe {
struct ArenaBlock;
}
namespace lethe::wire {
class PayloadWriter;
class PayloadReader;
}
namespace lethe::mailbox {

class MemoryMailboxes;

// Opens the bytes. Only these may make one: the decoders' writer (socket scratch → arena) and the encoders' reader
// (arena → socket scratch).
class PayloadKey {
  PayloadKey() = default;
  friend class wire::PayloadWriter;
  friend class wire::PayloadReader;
};

// Makes a second reference to the same bytes: the engine's, for a message with several recipients, also as it moves to another
// process.
class ShareKey {
  ShareKey() = default;
  friend class Submission;
  friend class SharedPayloads;
};

class Payload {
 public:
  Payload() noexcept = default;
  Payload(Payload&& other) noexcept : block_{std::exchange(other.block_, nullptr)} {}
  Payload& operator=(Payload&& other) noexcept {
    if (this != &other) {
      reset();
      block_ = std::exchange(other.block_, nullptr);
    }
    return *this;
  }
  Payload(const Payload&) = delete;
  Payload& operator=(const Payload&) = delete;
  ~Payload() { reset(); }

  // Bytes; 0 for an empty one.
  std::size_t size() const noexcept;

  // Takes over one reference to `block`.
  Payload(ArenaBlock* block, PayloadKey) noexcept : block_{block} {}
  std::span<std::uint8_t> writable(PayloadKey) noexcept;
  std::span<const std::uint8_t> readable(PayloadKey) const noexcept;
  Payload share(ShareKey) const noexcept;
  // Names the bytes where others hold them, too; nullptr else.
  const void* shared(ShareKey) const noexcept;

 private:
  void reset() noexcept;
  ArenaBlock* block_ = nullptr;
};

}  // namespace lethe::mailbox
