#pragma once
// What the relay keeps beside payloads, and so may be found in its memory: the table of docs/retention.md, «What is kept beside
// the payload», for the moments of a trial. The workload acknowledges its receipts before a phase is held.
#include <string_view>

#include "audit/canary/canaries.hpp"
#include "audit/phase.hpp"

namespace lethe::audit {

bool may_remain(Secret secret, Phase phase) noexcept;
// The reason, one sentence.
std::string_view why(Secret secret) noexcept;

}  // namespace lethe::audit
