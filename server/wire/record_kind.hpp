#pragma once
// The first byte of a binary record. Source: docs/protocol.md, «Binary records».
#include <cstddef>
#include <cstdint>

namespace lethe::wire {

enum class RecordKind : std::uint8_t { send = 0x01, ack = 0x02, sent = 0x81, deliver = 0x82, receipt = 0x83 };

// The u32 before each record: the bytes that follow it, kind byte included.
inline constexpr std::size_t record_prefix = 4;

}  // namespace lethe::wire
