#pragma once
// The one way of payload bytes into the arena. (A friend of mailbox::PayloadKey.)
#include <cstdint>
#include <span>

#include <lethe/mailbox/payload.hpp>
#include <lethe/wire/messages.hpp>

namespace lethe {
class ArenaShard;
}
namespace lethe::wire {

class PayloadWriter {
 public:
  enum class Outcome { stored, arena_full, malformed };
  struct Stored {
    Outcome outcome = Outcome::malformed;
    mailbox::Payload payload;
  };
  // Copies (binary) or decodes (base64url) the payload from the frame into a block of `arena`. On failure nothing is kept.
  static Stored store(const PayloadSource& source, ArenaShard& arena) noexcept;
};

}  // namespace lethe::wire
