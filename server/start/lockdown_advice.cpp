#include "start/lockdown_advice.hpp"

#include <system_error>

namespace lethe::start {
namespace {

using lockdown::Step;

std::string_view remedy_of(Step step) {
  switch (step) {
    case Step::landlock: return "it needs Linux 5.13 with Landlock switched on (lsm=landlock), and a container that permits it";
    case Step::starting_filter:
    case Step::serving_filter: return "it needs a kernel with seccomp filters, and a container that permits seccomp(2)";
    case Step::closed_descriptors: return "it needs /proc";
    case Step::single_thread: return "nothing may start a thread before it";
    case Step::self_test:
    case Step::attestation: return "something outside of this program changes what its system calls do";
    default: break;
  }
  return "something outside of this program, such as a container's profile, forbids it";
}

}  // namespace

std::string advice(std::string_view step, std::string_view reason, std::string_view remedy) {
  std::string text = "lock-down: the step ";
  text.append(step).append(" is missing");
  if (!reason.empty()) text.append(" (").append(reason).append(")");
  if (!remedy.empty()) text.append(": ").append(remedy);
  return text + "; --lockdown best-effort starts without it and says DEGRADED";
}

std::string advice(const lockdown::StepFailure& failure) {
  std::string reason = failure.error == 0 ? "a call went through" : std::generic_category().message(failure.error);
  if (!failure.detail.empty()) reason = std::string{failure.detail} + ": " + reason;
  return advice(lockdown::name(failure.step), reason, remedy_of(failure.step));
}

}  // namespace lethe::start
