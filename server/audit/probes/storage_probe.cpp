#include "audit/probes/storage_probe.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "audit/probes/device_scan.hpp"

namespace lethe::audit {
namespace {

constexpr Detector of_files[] = {Detector::file_events, Detector::io_counters, Detector::tree, Detector::raw_device};
constexpr std::size_t most_events = 20;   // reported one by one, at each phase

void not_armed(Detector detector, const std::string& why, Findings& findings) {
  findings.push_back({detector, Kind::not_armed, {}, {}, "It can't look: " + why + ".", 0});
}

// A path for the report: never one that holds what is being searched for.
std::string shown(const std::string& path, const Search& search) {
  const bool holds = !search.find({reinterpret_cast<const std::uint8_t*>(path.data()), path.size()}).empty();
  return holds ? "a name that holds a canary" : path;
}

// Bytes that a process had written to storage, with those that it took back before they got there (proc_pid_io(5)).
std::uint64_t written_by(pid_t process) {
  std::ifstream file{"/proc/" + std::to_string(process) + "/io"};
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("write_bytes: ")) return std::stoull(line.substr(13));
  }
  return 0;
}

}  // namespace

void StorageProbe::arm(const Trial& trial, Launch& launch, Findings& findings) {
  if (trial.attached || ::geteuid() != 0) {
    const std::string why = trial.attached ? "a running relay is left where it is" : "it needs root";
    for (const Detector detector : of_files) not_armed(detector, why, findings);
    not_armed(Detector::swap, why, findings);
    return;
  }
  std::string trouble;
  disk_ = WatchedDisk::make(trial.directory, launch.root.empty() ? "/" : launch.root, trouble);
  if (disk_ == nullptr) {
    for (const Detector detector : of_files) not_armed(detector, trouble, findings);
  } else {
    watch(trial, launch, findings);
  }
  const std::string no_swap = swap_.open(trial.directory);
  if (no_swap.empty()) armed_.insert(Detector::swap);
  else not_armed(Detector::swap, no_swap, findings);
  if (trial.crash == CorePattern::none) return;
  const std::string no_cores = disk_ == nullptr ? "there is no watched file system" : cores_.open(trial.crash, disk_->root(), trial.directory);
  if (no_cores.empty()) armed_.insert(Detector::cores);
  else not_armed(Detector::cores, no_cores, findings);
}

void StorageProbe::watch(const Trial&, Launch& launch, Findings& findings) {
  if (launch.root.empty()) {
    bool visible = disk_->reveal(launch.program);
    for (const std::string& variable : launch.environment) {
      if (variable.starts_with("LD_PRELOAD=")) visible = disk_->reveal(variable.substr(11)) && visible;
    }
    if (!visible) not_armed(Detector::tree, "the program can't be shown to itself", findings);
  }
  launch.root = disk_->root();
  ::mkdir((disk_->root() + leak_directory).c_str(), 0777);
  ::chmod((disk_->root() + leak_directory).c_str(), 0777);
  files_ = TreeSnapshot::of(disk_->written());
  shared_memory_ = TreeSnapshot::of(disk_->shared_memory());
  armed_.insert({Detector::tree, Detector::raw_device, Detector::io_counters});
  events_ = std::make_unique<FileEvents>();
  for (const std::string& directory : {disk_->root(), disk_->disk(), disk_->shared_memory()}) {
    if (events_->watch(directory)) continue;
    return not_armed(Detector::file_events, std::string{"fanotify: "} + std::strerror(errno), findings);
  }
  armed_.insert(Detector::file_events);
}

void StorageProbe::detected(Detector detector, std::optional<Phase> phase, std::string place, std::string sentence, std::uint64_t count,
                            Findings& findings) {
  detections_.insert(detector);
  findings.push_back({detector, Kind::detection, phase, std::move(place), std::move(sentence), count});
}

void StorageProbe::observe(const Trial& trial, Phase phase, const RelayProcess& relay, Findings& findings) {
  const Search search{trial.canaries};
  if (phase != Phase::stopped) look_at_counters(phase, relay, findings);
  look_at_events(search, phase, findings);
  if (phase == Phase::queued || phase == Phase::acknowledged) look_at_swap(search, phase, relay, findings);
  if (phase == Phase::queued && disk_ != nullptr) {
    disk_->sync();
    look_at_device(search, Detector::raw_device, disk_->device(), phase, findings);
  }
  if (phase == Phase::stopped && armed_.contains(Detector::cores)) look_at_cores(search, findings);
}

void StorageProbe::look_at_events(const Search& search, std::optional<Phase> phase, Findings& findings) {
  if (!armed_.contains(Detector::file_events)) return;
  const auto events = events_->take();
  for (std::size_t i = 0; i < events.size() && i < most_events; ++i) {
    const FileEvent& event = events[i];
    const std::string place = shown(event.directory + (event.name == "." ? "" : "/" + event.name), search);
    detected(Detector::file_events, phase, place, "Process " + std::to_string(event.process) + ": " + words_for(event.kinds) + ".", 1, findings);
  }
  if (events.size() > most_events) detected(Detector::file_events, phase, {}, "And more events of files.", events.size() - most_events, findings);
}

void StorageProbe::look_at_counters(Phase phase, const RelayProcess& relay, Findings& findings) {
  if (!armed_.contains(Detector::io_counters)) return;
  for (const pid_t process : relay.pids()) {
    const std::uint64_t written = written_by(process);
    if (written == 0) continue;
    detected(Detector::io_counters, phase, "process " + std::to_string(process), "It has written bytes to storage.", written, findings);
  }
}

void StorageProbe::look_at_trees(const Search& search, Findings& findings) {
  const auto report = [&](const TreeSnapshot& before, const std::string& directory, const std::string& shown_as) {
    for (const std::string& change : before.changes(TreeSnapshot::of(directory))) {
      detected(Detector::tree, {}, shown_as + shown(change, search), "A file system is not as it was.", 1, findings);
    }
  };
  report(files_, disk_->written(), "");
  report(shared_memory_, disk_->shared_memory(), "/dev/shm");
}

void StorageProbe::look_at_device(const Search& search, Detector detector, const std::string& device, std::optional<Phase> phase, Findings& findings) {
  const auto content = scan_device(device, search);
  if (!content) return not_armed(detector, std::string{"the device can't be read: "} + std::strerror(errno), findings);
  looked_at_ += content->bytes;
  if (content->hits.empty()) return;
  const Hit& first = content->hits.front();
  detected(detector, phase, device + ", offset " + std::to_string(first.offset),
           "It holds a canary (" + std::string{name(first.secret)} + ", " + std::string{name(first.form)} + ").", content->hits.size(), findings);
}

void StorageProbe::look_at_swap(const Search& search, Phase phase, const RelayProcess& relay, Findings& findings) {
  if (!armed_.contains(Detector::swap)) return;
  for (const pid_t process : relay.pids()) (void)swap_.force_out(process);
  look_at_device(search, Detector::swap, swap_.device(), phase, findings);
}

void StorageProbe::look_at_cores(const Search& search, Findings& findings) {
  const CoreWatch::Dump dump = cores_.look(search);
  if (dump.bytes == 0) return;
  detected(Detector::cores, Phase::stopped, "core dump of " + std::to_string(dump.bytes) + " bytes",
           dump.hits > 0 ? "The crash has left a dump with canaries." : "The crash has left a dump.", dump.hits, findings);
}

void StorageProbe::conclude(const Trial& trial, Findings& findings) {
  const Search search{trial.canaries};
  if (disk_ != nullptr) {
    look_at_events(search, {}, findings);
    look_at_trees(search, findings);
    disk_->sync();
    look_at_device(search, Detector::raw_device, disk_->device(), {}, findings);
    if (events_ != nullptr && events_->overflowed()) not_armed(Detector::file_events, "events were lost", findings);
  }
  for (const Detector detector : armed_) {
    if (detections_.contains(detector)) continue;
    findings.push_back({detector, Kind::clean, {}, {}, "It looked at every phase and found nothing.", detector == Detector::raw_device ? looked_at_ : 0});
  }
  cores_.close();
  swap_.close();
  events_.reset();
  disk_.reset();
}

}  // namespace lethe::audit
