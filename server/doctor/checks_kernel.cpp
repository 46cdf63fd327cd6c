#include "doctor/checks.hpp"
#include "doctor/wording.hpp"

namespace lethe::doctor {
namespace {

using ops::LockdownMode;

bool in_container(Place place) { return place == Place::docker || place == Place::podman || place == Place::kubernetes; }

// A wall that can't be had.
Finding missing_wall(const ops::Config& config, std::string_view check, std::string what, Setting fix) {
  if (config.lockdown == LockdownMode::strict) {
    return found(Severity::warning, check, std::move(what), "lockdown is strict: the relay will not start.", std::move(fix));
  }
  return found(Severity::breaks_promise, check, std::move(what),
               "The relay runs without it: one of the walls that keep it from writing and connecting is not there.", std::move(fix));
}

// Of a profile or the kernel.
Setting permission(Place place, std::string outside) {
  if (place == Place::docker || place == Place::podman) return {"docker run, in place of your own profile (the engine's default permits it)", "--security-opt seccomp=builtin"};
  if (place == Place::kubernetes) return {"the pod, securityContext", "seccompProfile: {type: RuntimeDefault}"};
  return {"the kernel's command line", std::move(outside)};
}

}  // namespace

Finding check_lockdown(const ops::Config& config, const Facts&) {
  constexpr const char* check = "lock-down";
  if (config.lockdown == LockdownMode::strict) return fine(check, "lockdown is strict: without each of its walls the relay doesn't start.");
  const Setting fix = in_configuration(R"("lockdown": "strict")");
  if (config.lockdown == LockdownMode::best_effort) {
    return found(Severity::note, check, "lockdown is best-effort.", "A wall that is missing one day is only said (DEGRADED), and doesn't stop the start.", fix);
  }
  return found(Severity::breaks_promise, check, "lockdown is off.",
               "Nothing keeps the process, or who takes it over, from writing files and opening connections.", fix);
}

Finding check_landlock(const ops::Config& config, const Facts& facts) {
  constexpr const char* check = "landlock";
  if (config.lockdown == LockdownMode::off) return found(Severity::note, check, "Not used: lockdown is off.", "The check lock-down says more.");
  const std::string version = std::to_string(facts.kernel.landlock);
  if (facts.kernel.landlock == 0) {
    return missing_wall(config, check, "This kernel (" + facts.kernel.release + "), or the container, gives no Landlock.",
                        permission(facts.host.place, "lsm=landlock,lockdown,yama,integrity,apparmor"));
  }
  if (facts.kernel.landlock < 4) {
    return found(Severity::note, check, "Landlock has version " + version + ", which knows files only.",
                 "Connections are refused by the system call filter alone; from Linux 6.7 on (version 4) by both.");
  }
  return fine(check, "Landlock is there, version " + version + ".");
}

Finding check_seccomp(const ops::Config& config, const Facts& facts) {
  constexpr const char* check = "seccomp";
  if (config.lockdown == LockdownMode::off) return found(Severity::note, check, "Not used: lockdown is off.", "The check lock-down says more.");
  if (facts.kernel.seccomp) return fine(check, "System call filters are there.");
  return missing_wall(config, check, "This kernel, or the container, gives no system call filters.",
                      permission(facts.host.place, "(a kernel with CONFIG_SECCOMP_FILTER=y, as every distribution's)"));
}

Finding check_container(const ops::Config&, const Facts& facts) {
  constexpr const char* check = "container";
  if (!in_container(facts.host.place)) return fine(check, "The relay is in no container.");
  const ProcessFacts& process = facts.process;
  std::string what, line;
  const auto add = [&](bool wrong, const char* sentence, const char* flag) {
    if (!wrong) return;
    what += (what.empty() ? "" : "; ") + std::string{sentence};
    line += (line.empty() ? "" : " ") + std::string{flag};
  };
  add((process.bounding_set & ~(std::uint64_t{1} << 14)) != 0, "it has capabilities", "--cap-drop ALL");   // but IPC_LOCK
  add(process.no_new_privileges == false, "it may gain privileges", "--security-opt no-new-privileges");
  add(process.filtered == false, "the engine's own filter is off", "--security-opt seccomp=builtin");
  add(facts.host.root_writable, "its file system can be written", "--read-only");
  add(process.root, "it runs as root", "--user 65532:65532");
  if (what.empty()) return fine(check, "The container has no capabilities, no way to gain any, and nothing to write to.");
  what = "The container allows more than the relay needs: " + what + ".";
  constexpr const char* why = "The relay gives all of it up before the first connection; the container's walls should stand all the same.";
  if (facts.host.place == Place::kubernetes) return found(Severity::note, check, what, why, {"the pod's manifest", "securityContext as in deploy/kubernetes/"});
  return found(Severity::note, check, what, why, {facts.host.place == Place::podman ? "podman run" : "docker run", line});
}

Finding check_virtual_machine(const ops::Config&, const Facts& facts) {
  constexpr const char* check = "virtual-machine";
  if (!facts.kernel.virtual_machine) return fine(check, "No hypervisor shows.");
  return found(Severity::note, check, "This is a virtual machine.",
               "Who runs the hypervisor can copy its memory and write it to a disk (snapshots, migration); nothing in here can see or hinder it. End-to-end encryption holds.");
}

}  // namespace lethe::doctor
