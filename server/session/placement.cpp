#include "session/placement.hpp"

#include <algorithm>
#include <optional>

#include "base/check.hpp"

namespace lethe::session {
namespace {

using mailbox::Refusal;
using mailbox::Verdict;

Refusal told(const Placement::Slot& slot, Refusal refusal) noexcept {
  return refusal == Refusal::not_invited && slot.invite_expired ? Refusal::invite_expired : refusal;
}

// `next` gives the verdict of each recipient that the session left undecided.
template <class Next>
wire::Sent compose(const Placement& placement, Next next) {
  wire::Sent sent;
  sent.id = placement.id;
  std::optional<seconds> granted;
  for (const Placement::Slot& slot : placement.slots) {
    const Verdict verdict = slot.refusal == Refusal::none ? next() : Verdict{slot.refusal, {}, {}};
    if (verdict.refusal == Refusal::none) {
      ++sent.accepted;
      granted = granted ? std::min(*granted, verdict.ttl) : verdict.ttl;
    } else {
      sent.refused.push_back({slot.device, told(slot, verdict.refusal), verdict.retry_after});
    }
  }
  sent.ttl = granted.value_or(placement.ttl);
  return sent;
}

}  // namespace

std::size_t Placement::asked() const noexcept {
  return static_cast<std::size_t>(
      std::count_if(slots.begin(), slots.end(), [](const Slot& slot) { return slot.refusal == Refusal::none; }));
}

wire::Sent answer_to(const Placement& placement, std::span<const Verdict> verdicts) {
  // An engine that answers for others than it was asked about would be believed for the wrong recipient.
  LETHE_CHECK(verdicts.size() == placement.asked());
  auto verdict = verdicts.begin();
  return compose(placement, [&verdict] { return *verdict++; });
}

wire::Sent answer_to_all(const Placement& placement, const Verdict& verdict) {
  return compose(placement, [&verdict] { return verdict; });
}

}  // namespace lethe::session
