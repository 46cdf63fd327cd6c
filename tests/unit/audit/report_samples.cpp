#include "unit/audit/report_samples.hpp"

#include <array>
#include <cerrno>

#include "unit/audit/report_controls.hpp"

namespace lethe::audit::samples {
namespace {

using std::chrono::milliseconds;

constexpr std::array<const char*, 12> conditions = {
    "1 thread, TLS 1.3, ordinary arena, SIGTERM",   "1 thread, TLS 1.3, secret arena, SIGTERM",
    "4 threads, TLS 1.3, ordinary arena, SIGTERM",  "4 threads, TLS 1.3, secret arena, SIGKILL",
    "4 threads, TLS 1.2, ordinary arena, SIGTERM",  "4 threads, TLS 1.2, secret arena, crash, core to a file",
    "4 threads, binary encoding, SIGTERM",          "4 threads, JSON encoding, SIGTERM",
    "2 threads, crash, core to a program",          "2 threads, crash, core to a socket",
    "2 threads, memory limit reached",              "2 threads, log level debug, malformed input",
};

Finding look(Detector detector, Kind kind, std::optional<Phase> phase, std::string place, std::string sentence, std::uint64_t count) {
  return {.detector = detector, .kind = kind, .phase = phase, .place = std::move(place), .sentence = std::move(sentence), .count = count};
}

void look_at_phases(TrialReport& trial, bool secret) {
  for (std::size_t index = 0; index < phase_count; ++index) {
    const auto phase = static_cast<Phase>(index);
    if (phase == Phase::stopped) break;
    if (forgotten(phase)) {
      trial.findings.push_back(look(Detector::memory, Kind::clean, phase, {}, "No canary in any readable mapping.", 41'338'880));
    } else if (secret) {
      trial.findings.push_back(look(Detector::memory, Kind::clean, phase, "secretmem", "The arena can't be read from outside.", 268'435'456));
    } else {
      trial.findings.push_back(look(Detector::memory, Kind::expected, phase, "arena", "Every waiting message was found.", 7'320));
    }
    trial.findings.push_back(look(Detector::arena_audit, Kind::clean, phase, {}, "The relay counts no dirty block.", 0));
    trial.findings.push_back(look(Detector::output_canary, Kind::clean, phase, {}, "No canary in the output.", 18'204));
    trial.findings.push_back(look(Detector::process_state, Kind::clean, phase, {}, "Descriptors, limits and privileges are as they must be.", 23));
  }
}

void look_at_the_end(TrialReport& trial) {
  for (const auto detector : {Detector::file_events, Detector::io_counters, Detector::tree, Detector::raw_device, Detector::swap, Detector::cores}) {
    trial.findings.push_back(look(detector, Kind::clean, Phase::stopped, {}, "Nothing was written.", 67'108'864));
  }
  for (const auto detector : {Detector::grammar, Detector::packets, Detector::local_sockets}) {
    trial.findings.push_back(look(detector, Kind::clean, std::nullopt, {}, "Nothing but what must be there.", 412));
  }
  trial.findings.push_back(look(Detector::filter, Kind::clean, Phase::started, {}, "27 of 462 calls are allowed.", 462));
  trial.findings.push_back(look(Detector::injection, Kind::clean, Phase::acknowledged, {}, "13 forbidden calls were refused.", 13));
  trial.findings.push_back(look(Detector::tls, Kind::clean, Phase::started, {}, "No ticket, no resumption, no extension.", 4));
}

TrialReport trial(std::size_t index) {
  TrialReport report;
  report.id = "audit-" + std::to_string(index + 1);
  report.sentence = conditions[index];
  report.duration = milliseconds{14'200 + static_cast<int>(index) * 730};
  report.messages = 412;
  report.due = 236;
  report.received = 236;
  look_at_phases(report, report.sentence.find("secret") != std::string::npos);
  look_at_the_end(report);
  return report;
}

ControlResult result(const Control& control) {
  ControlResult made;
  made.control = &control;
  made.leaked = true;
  made.seen_by = {control.expected.begin(), control.expected.end()};
  if (control.row < 9) made.seen_by.push_back(Detector::filter);
  made.prevented = !control.resident;
  made.prevented_errno = control.resident ? 0 : control.row == 1 ? EACCES : EPERM;
  return made;
}

Subject subject() {
  return {.program = "/usr/bin/lethe",
          .sha256 = "5f0c1b6e2b7c7d5f7f4bb1a7c95e51e7e6b8a9b7a5a0f3f4dd6c1b0e4a2c9d18",
          .version = "lethe 0.1.0 (revision 79a0b1043c1f, build 4d2a9f6be0a417c2)",
          .flags = {"--listen", "127.77.0.1:8443", "--lockdown", "strict", "--log-level", "info"},
          .kernel = "6.18.2-amd64",
          .filter_sha256 = "d758e48c9a0b6f3d1e2c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796",
          .landlock_abi = 7,
          .well_known = R"({"server":"lethe","version":"0.1.0","retention":{"engine":"memory","longest_ttl":1209600},"protections":{)"
                        R"("memory_only":true,"locked_arena":true,"secret_arena":true,"wiping":true,"closed_log":true,"seccomp":true,)"
                        R"("landlock":true,"resource_limits":true,"not_dumpable":true,"no_new_privileges":true,"no_capabilities":true,)"
                        R"("clean_environment":true,"broker":true,"tls":true,"no_session_tickets":true}})"};
}

std::vector<EvidenceFile> evidence() {
  return {{"raw/audit-1/filter.bpf", "0f343b0931126a20f133d67c2b018a3b6bd6eb2a6c1f8a6c3f1d59a0b5b1b8ae", 784},
          {"raw/audit-1/events.log", "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae", 91'204},
          {"raw/audit-1/capture.pcap", "fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9", 1'482'311},
          {"raw/audit-1/stdout.log", "baa5a0964d3320fbc0c6a922140453c8513ea24ab8fd0577034804a967248096", 18'204}};
}

}  // namespace

Report passing() {
  Report report;
  report.subject = subject();
  report.auditor = "lethe-audit 0.1.0 (revision 79a0b1043c1f, build 91b6e2d07c3a55f8)";
  report.command = "lethe-audit run --full --seed 1f2e3d4c5b6a7988 --report evidence --binary /usr/bin/lethe";
  report.seed = "1f2e3d4c5b6a7988";
  report.full = true;
  report.began = "2026-11-25T09:14:02Z";
  report.duration = milliseconds{1'447'000};
  for (std::size_t index = 0; index < conditions.size(); ++index) report.trials.push_back(trial(index));
  for (const auto& control : controls()) report.controls.push_back(result(control));
  report.blind = BlindTrial{.caught = 32, .missed = 0, .false_alarms = 0, .cleared = 32};
  using std::chrono::microseconds;
  report.lifetimes = {{"accepted to delivered", microseconds{30'004'811}, 2'832},
                      {"delivered to acknowledged", microseconds{41'870}, 2'832},
                      {"acknowledged to overwritten, as the client saw it", microseconds{1'310}, 2'832}};
  report.not_checked = {{"The hypervisor, and snapshots of the machine's memory", "nothing inside of a machine can look at them"},
                        {"init_on_free of the kernel", "the kernel's boot messages were no longer there to read"},
                        {"Hibernation", "this machine has no suspend-to-disk"}};
  report.evidence = evidence();
  judge(report);
  return report;
}

Report failing() {
  auto report = passing();
  report.trials[2].findings.push_back(look(Detector::memory, Kind::detection, Phase::acknowledged, "worker-2 [heap] 0x55d0c41e2000+0x8f10",
                                           "Blocks 118 to 121 of a payload, masked, were still there.", 4));
  report.trials[2].findings.push_back(look(Detector::memory, Kind::detection, Phase::closed, "worker-2 [heap] 0x55d0c41e2000+0x8f10",
                                           "Blocks 118 to 121 of a payload, masked, were still there.", 4));
  report.trials[6].findings.push_back(
      look(Detector::tree, Kind::detection, Phase::stopped, "state/lock", "An extended attribute was set.", 1));
  for (auto& each : report.controls) {
    if (each.control->id != "xattr") continue;
    each.prevented = false;
    each.escaped = true;
  }
  report.subject.filter_sha256 = "a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90";
  judge(report);
  return report;
}

Report inconclusive() {
  auto report = passing();
  auto& findings = report.trials[3].findings;
  std::erase_if(findings, [](const Finding& finding) { return finding.detector == Detector::swap; });
  findings.push_back(look(Detector::swap, Kind::not_armed, std::nullopt, {}, "No swap file could be made: the host forbids swapon.", 0));
  report.trials[0].findings.push_back(
      look(Detector::memory, Kind::missing, Phase::queued, "arena", "12 of 7,320 blocks of waiting messages were not found.", 12));
  report.trials[7].received = 235;
  for (auto& each : report.controls) {
    if (each.control->id == "utimens") each.seen_by = {Detector::tree};
    if (each.control->id != "uring-write") continue;
    each.leaked = false;
    each.seen_by.clear();
    each.note = "io_uring is switched off on this host";
  }
  report.blind.reset();
  report.full = true;
  report.subject.well_known = R"({"degraded":true,"protections":{"memory_only":true,"seccomp":true,"landlock":false,"secret_arena":false}})";
  judge(report);
  return report;
}

}  // namespace lethe::audit::samples
