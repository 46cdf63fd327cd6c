// A probe is a line here and one above.
#include "audit/probes/capability_probe.hpp"
#include "audit/probes/egress_probe.hpp"
#include "audit/probes/memory_probe.hpp"
#include "audit/probes/output_probe.hpp"
#include "audit/probes/probe.hpp"
#include "audit/probes/storage_probe.hpp"

namespace lethe::audit {

std::vector<std::unique_ptr<Probe>> all_probes() {
  std::vector<std::unique_ptr<Probe>> all;
  all.push_back(std::make_unique<CapabilityProbe>());
  all.push_back(std::make_unique<StorageProbe>());
  all.push_back(std::make_unique<MemoryProbe>());
  all.push_back(std::make_unique<OutputProbe>());
  all.push_back(std::make_unique<EgressProbe>());
  return all;
}

}  // namespace lethe::audit
