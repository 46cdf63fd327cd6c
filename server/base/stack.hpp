#pragma once
// The part of the calling thread's stack that lies below the caller.
#include <cstddef>

namespace lethe {

// What the handling of an event may have left there, at most: the auditor's memory probe looks at the rest, too.
inline constexpr std::size_t scrubbed_stack = 16'384;

// Overwrites that much of it. To be called where little of the stack is in use: from a thread's outermost loop.
void scrub_stack() noexcept;

}  // namespace lethe
