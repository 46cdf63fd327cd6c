#pragma once
// P3: searches the memory of every process of the relay at every phase, and asks for the relay's own audit of what can't be
// read from outside. The processes are not stopped.
#include "audit/probes/arena_audit.hpp"
#include "audit/probes/probe.hpp"

namespace lethe::audit {

class MemoryProbe final : public Probe {
 public:
  ProbeId id() const noexcept override { return ProbeId::memory; }
  void arm(const Trial& trial, Launch& launch, Findings& findings) override;
  void observe(const Trial& trial, Phase phase, const RelayProcess& relay, Findings& findings) override;
  void conclude(const Trial& trial, Findings& findings) override;

 private:
  ArenaAudit arena_;
};

}  // namespace lethe::audit
