#pragma once
// P2, what reaches storage: the relay runs on a watched file system of the auditor's (probes/watched_disk.hpp) and with a swap
// device of the auditor's; file events, counters, names and contents, the raw devices and core dumps are looked at.
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "audit/canary/search.hpp"
#include "audit/probes/core_watch.hpp"
#include "audit/probes/file_events.hpp"
#include "audit/probes/probe.hpp"
#include "audit/probes/swap_watch.hpp"
#include "audit/probes/tree_snapshot.hpp"
#include "audit/probes/watched_disk.hpp"

namespace lethe::audit {

class StorageProbe final : public Probe {
 public:
  // Where planted leaks may write, in the relay's file system.
  static constexpr const char* leak_directory = "/leak";

  ProbeId id() const noexcept override { return ProbeId::storage; }
  void arm(const Trial& trial, Launch& launch, Findings& findings) override;
  // Files and counters at every phase; the raw device and swap while messages wait and once they are acknowledged; cores once
  // it has ended.
  void observe(const Trial& trial, Phase phase, const RelayProcess& relay, Findings& findings) override;
  void conclude(const Trial& trial, Findings& findings) override;

 private:
  void watch(const Trial& trial, Launch& launch, Findings& findings);
  void look_at_events(const Search& search, std::optional<Phase> phase, Findings& findings);
  void look_at_counters(Phase phase, const RelayProcess& relay, Findings& findings);
  void look_at_trees(const Search& search, Findings& findings);
  void look_at_device(const Search& search, Detector detector, const std::string& device, std::optional<Phase> phase, Findings& findings);
  void look_at_swap(const Search& search, Phase phase, const RelayProcess& relay, Findings& findings);
  void look_at_cores(const Search& search, Findings& findings);
  void detected(Detector detector, std::optional<Phase> phase, std::string place, std::string sentence, std::uint64_t count, Findings& findings);

  std::unique_ptr<WatchedDisk> disk_;
  std::unique_ptr<FileEvents> events_;
  SwapWatch swap_;
  CoreWatch cores_;
  TreeSnapshot files_;
  TreeSnapshot shared_memory_;
  std::set<Detector> armed_;
  std::set<Detector> detections_;
  std::uint64_t looked_at_ = 0;         // bytes of devices
};

}  // namespace lethe::audit
