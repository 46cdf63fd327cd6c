#pragma once
// P4, what the relay says: every byte on stdout and stderr and every page that it serves matches a closed grammar and holds no
// canary.
#include <map>
#include <set>
#include <string>

#include "audit/canary/search.hpp"
#include "audit/probes/probe.hpp"

namespace lethe::audit {

class OutputProbe final : public Probe {
 public:
  ProbeId id() const noexcept override { return ProbeId::output; }
  void arm(const Trial& trial, Launch& launch, Findings& findings) override;
  // The pages at every phase; what was written, too, and in full once the relay has ended.
  void observe(const Trial& trial, Phase phase, const RelayProcess& relay, Findings& findings) override;
  void conclude(const Trial& trial, Findings& findings) override;

 private:
  void check_written(const Search& search, Phase phase, const std::string& where, const std::string& text, Findings& findings);
  void check_metrics(const Search& search, Phase phase, const RelayProcess& relay, Findings& findings);
  void check_small_pages(const Search& search, Phase phase, const RelayProcess& relay, Findings& findings);
  void check_canaries(const Search& search, Phase phase, const std::string& where, const std::string& text, Findings& findings);
  void strange(Phase phase, const std::string& place, std::string sentence, Findings& findings);

  std::map<std::string, std::size_t> read_;   // bytes of stdout and stderr that have been judged
  std::string metrics_names_;                 // as they were at first
  std::string well_known_;
  std::set<std::string> told_;                // places already reported
  std::uint64_t canaries_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace lethe::audit
