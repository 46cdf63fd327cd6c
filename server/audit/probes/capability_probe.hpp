#pragma once
// P1, what the live processes could do: their seccomp filters taken out of the kernel and evaluated, forbidden calls made from
// inside, with the filter and without, and what /proc tells of descriptors, limits, rights, memory and kernel objects. The relay
// is started as a careless host might: with a hostile environment, an open directory, and merging of its pages allowed.
#include <map>
#include <set>

#include "audit/probes/call_rules.hpp"
#include "audit/probes/probe.hpp"
#include "audit/probes/tracee.hpp"

namespace lethe::audit {

class CapabilityProbe final : public Probe {
 public:
  ProbeId id() const noexcept override { return ProbeId::capability; }
  void arm(const Trial& trial, Launch& launch, Findings& findings) override;
  void attach(const Trial& trial, const RelayProcess& relay, Findings& findings) override;
  // The filter and the state at `started`, the calls at `acknowledged` (the relay must go on serving after them), and the
  // state again at every phase.
  void observe(const Trial& trial, Phase phase, const RelayProcess& relay, Findings& findings) override;

 private:
  void evaluate_filter(pid_t process, Role role, Findings& findings) const;
  void inject(pid_t process, Findings& findings) const;
  void look_behind_filter(Tracee& tracee, const std::string& place, Findings& findings) const;
  void check_confinement(pid_t process, Role role, Findings& findings) const;
  void check_contents(const Trial& trial, pid_t process, Phase phase, Findings& findings) const;
  void check_kernel_objects(Phase phase, Findings& findings) const;

  std::set<std::string> objects_before_;              // System V objects and keys before the relay started
  std::map<pid_t, std::string> names_;                // of threads, as they were at first
};

}  // namespace lethe::audit
