// What is written out when something crashes, or sleeps. The relay forbids its own core dump in every mode but `off`
// (RLIMIT_CORE 0, and not dumpable, which also stops handlers behind a pipe); the machine's own dumps know no such thing.
#include "doctor/checks.hpp"
#include "doctor/wording.hpp"

namespace lethe::doctor {

Finding check_core_dumps(const ops::Config& config, const Facts& facts) {
  constexpr const char* check = "core-dumps";
  if (config.lockdown != ops::LockdownMode::off) {
    return fine(check, "The relay forbids its own core dump, whatever the machine does with those of others.");
  }
  if (!facts.crash.core_pattern) return unseen(check, "kernel.core_pattern");
  if (*facts.crash.core_pattern == "/dev/null") return fine(check, "kernel.core_pattern leads to /dev/null.");
  const bool handler = facts.crash.core_pattern->starts_with('|');
  return found(Severity::breaks_promise, check,
               std::string{"A crash goes to "} + (handler ? "a program" : "a file") + " (kernel.core_pattern), and lockdown is off, so the relay doesn't forbid it.",
               "A core dump holds what waits: addresses, ids, and payloads where their memory is not secret.",
               on_host(facts.host.place, "sysctl -w kernel.core_pattern=/dev/null"));
}

Finding check_crash_kernel(const ops::Config&, const Facts& facts) {
  constexpr const char* check = "crash-kernel";
  if (!facts.crash.crash_kernel) return unseen(check, "Whether a crash kernel is loaded");
  if (!*facts.crash.crash_kernel) return fine(check, "No crash kernel (kdump) is loaded.");
  return found(Severity::breaks_promise, check, "A crash kernel (kdump) is loaded.",
               "If the kernel panics, it writes the machine's memory to a disk, locked and secret pages included.",
               on_host(facts.host.place, "kexec -p -u && systemctl disable --now kdump-tools"));
}

Finding check_hibernation(const ops::Config& config, const Facts& facts) {
  constexpr const char* check = "hibernation";
  if (!facts.crash.can_hibernate) return unseen(check, "Whether the machine can hibernate");
  if (!*facts.crash.can_hibernate) return fine(check, "The kernel doesn't hibernate.");
  if (facts.memory.swaps && facts.memory.swaps->empty()) return fine(check, "The kernel could hibernate, but there is no swap to do it to.");
  const Setting fix = on_host(facts.host.place, "systemctl mask hibernate.target hybrid-sleep.target suspend-then-hibernate.target");
  if (will_be_secret(config, facts)) {
    return found(Severity::note, check, "The kernel could hibernate, but doesn't as long as secret memory is in use, as it is by the relay.",
                 "It could while the relay is stopped, when there is nothing of it to write.", fix);
  }
  return found(facts.crash.has_resume_device || facts.memory.swaps ? Severity::breaks_promise : Severity::warning, check,
               "The machine can hibernate.", "That writes all memory to a disk, locked pages included.", fix);
}

}  // namespace lethe::doctor
