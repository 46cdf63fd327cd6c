#pragma once
// Why a message, or a whole frame, was not decoded. Source: docs/protocol.md, «Errors and closing».
#include <optional>
#include <string_view>

#include <lethe/wire/messages.hpp>

namespace lethe::wire {

// `fatal` ends the session (a frame that can't be decoded at all); otherwise only this message is refused. `detail` is a
// constant sentence, never a byte of what the client sent.
struct Fault {
  ErrorCode code = ErrorCode::malformed;
  std::string_view detail;
  std::optional<MessageId> id{};         // of the send, where it could be read
  bool fatal = false;
};

}  // namespace lethe::wire
