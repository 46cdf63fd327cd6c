#include "audit/phase.hpp"

namespace lethe::audit {

std::string_view name(Phase phase) noexcept {
  constexpr std::array<std::string_view, phase_count> names = {
      "started",  "queued",    "acknowledged", "closed",  "expired",    "displaced", "recalled",
      "refused",  "oversized", "malformed",    "cut-off", "taken-over", "drained",   "stopped"};
  return names[static_cast<std::size_t>(phase)];
}

}  // namespace lethe::audit
