#include "audit/probes/memory_probe.hpp"

#include <vector>

#include "audit/canary/canaries.hpp"
#include "audit/probes/admin_page.hpp"
#include "audit/probes/memory_scan.hpp"
#include "audit/probes/memory_verdict.hpp"

namespace lethe::audit {
namespace {

std::vector<ScannedProcess> scan_all(const RelayProcess& relay, const Canaries& canaries) {
  std::vector<ScannedProcess> all;
  const pid_t serving = relay.serving();
  const std::vector<pid_t> processes = relay.pids();
  if (processes.empty()) return all;
  const Search search{canaries};
  for (const pid_t process : processes) {
    const bool first = process == processes.front();
    const char* const role = process == serving ? "relay" : first ? "broker" : "child";
    all.push_back({role, process, scan_memory(process, search)});
  }
  return all;
}

}  // namespace

void MemoryProbe::arm(const Trial&, Launch&, Findings&) { arena_ = ArenaAudit{}; }

void MemoryProbe::observe(const Trial& trial, Phase phase, const RelayProcess& relay, Findings& findings) {
  const auto add = [&](Kind kind, const char* sentence) {
    findings.push_back({Detector::memory, kind, phase, {}, sentence, 0});
  };
  if (phase == Phase::stopped) arena_.ended(relay.out(), findings);
  const std::vector<ScannedProcess> processes = scan_all(relay, trial.canaries);
  if (processes.empty()) {
    if (phase == Phase::stopped) {
      add(Kind::clean, "No process is left.");
    } else {
      add(Kind::not_armed, "There is no process to be searched.");
    }
    return;
  }
  std::uint64_t unreadable = 0;
  for (const ScannedProcess& process : processes) unreadable += process.scan.unreadable;
  if (phase != Phase::stopped) arena_.observe(trial, phase, admin_page(relay.admin_port(), "/metrics"), unreadable, findings);
  if (trial.attached) {
    add(Kind::not_armed, "No canary was sent through this relay: there is nothing to search its memory for.");
    return;
  }
  write_hits(trial.directory + "/memory-" + std::string{name(phase)} + ".jsonl", trial, phase, processes);
  for (Finding& finding : judge_memory(trial, phase, processes)) findings.push_back(std::move(finding));
}

void MemoryProbe::conclude(const Trial& trial, Findings& findings) { arena_.conclude(trial, findings); }

}  // namespace lethe::audit
