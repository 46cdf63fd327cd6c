#pragma once
// The most address space that the relay takes after its start, by its limits: what a finite RLIMIT_MEMLOCK must allow for
// where all memory is locked. Far above what it usually takes.
#include <lethe/base/limits.hpp>

namespace lethe::net {

ByteCount memory_to_come(const Limits& limits, ByteCount arena, unsigned threads) noexcept;

}  // namespace lethe::net
