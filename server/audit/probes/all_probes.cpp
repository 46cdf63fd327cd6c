#include "audit/probes/memory_probe.hpp"
#include "audit/probes/probe.hpp"

namespace lethe::audit {

std::vector<std::unique_ptr<Probe>> all_probes() {
  std::vector<std::unique_ptr<Probe>> all;
  all.push_back(std::make_unique<MemoryProbe>());
  return all;
}

}  // namespace lethe::audit
