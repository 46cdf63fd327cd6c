#include "audit/probes/memory_verdict.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <set>
#include <stdexcept>
#include <tuple>

#include <nlohmann/json.hpp>

#include "audit/canary/canaries.hpp"
#include "audit/probes/kept_secrets.hpp"

namespace lethe::audit {
namespace {

constexpr std::size_t most_groups = 40;

// «the payload no. 4 (1024 bytes), block 17»
std::string subject_of(const Canaries& canaries, const Hit& hit) {
  if (hit.secret != Secret::payload) return std::string{name(hit.secret)} + " (marker " + std::to_string(hit.marker) + ")";
  const std::vector<MadePayload>& payloads = canaries.payloads();
  if (hit.marker != 0) {
    const auto made = std::ranges::find(payloads, std::optional<std::size_t>{hit.marker}, &MadePayload::marker);
    if (made == payloads.end()) return "a payload";
    return "payload " + std::to_string(made - payloads.begin()) + " (" + std::to_string(made->size) + " bytes)";
  }
  const auto number = hit.block ? canaries.payload_of(*hit.block) : std::nullopt;
  if (!number) return "a payload's block whose index is gone";
  const MadePayload& made = payloads[*number];
  return "block " + std::to_string(*hit.block - made.first_block) + " of payload " + std::to_string(*number) + " (" +
         std::to_string(made.size) + " bytes)";
}

// Secret memory hides what waits, too.
bool allowed(const Trial& trial, Phase phase, Secret secret) {
  return may_remain(secret, phase) && !(secret == Secret::payload && trial.secret_arena);
}

// Hits that look alike, by the first of them.
struct Group {
  const ScannedProcess* process;
  const MemoryHit* first;
  std::uint64_t count = 0;
};

class Verdict {
 public:
  Verdict(const Trial& trial, Phase phase, std::span<const ScannedProcess> processes)
      : trial_{trial}, phase_{phase}, processes_{processes} {}

  Findings run() {
    for (const ScannedProcess& process : processes_) look_at(process);
    report_detections();
    if (groups_.empty()) report_clean();
    if (phase_ == Phase::queued && !trial_.secret_arena) report_control();
    return std::move(findings_);
  }

 private:
  void add(Kind kind, std::string place, std::string sentence, std::uint64_t count) {
    findings_.push_back({Detector::memory, kind, phase_, std::move(place), std::move(sentence), count});
  }

  void look_at(const ScannedProcess& process) {
    const MemoryScan& scan = process.scan;
    if (scan.refused) {
      add(Kind::not_armed, process.role, "The memory of the process could not be opened.", 0);
      return;
    }
    read_ += scan.read;
    unreadable_ += scan.unreadable;
    if (scan.cut) add(Kind::not_armed, process.role, "There were more hits than are counted.", scan.hits.size());
    for (const MemoryHit& found : scan.hits) {
      if (allowed(trial_, phase_, found.hit.secret)) {
        note_allowed(found.hit);
        continue;
      }
      const auto key = std::tuple{process.pid, found.mapping, found.hit.secret, found.hit.form};
      Group& group = groups_.try_emplace(key, Group{&process, &found}).first->second;
      ++group.count;
    }
  }

  void note_allowed(const Hit& hit) {
    ++allowed_[static_cast<std::size_t>(hit.secret)];
    if (hit.secret != Secret::payload) return;
    if (hit.marker != 0) small_.insert(hit.marker);
    if (const auto payload = hit.block ? trial_.canaries.payload_of(*hit.block) : std::nullopt) found_.insert(*payload);
  }

  void report_detections() {
    std::uint64_t left_out = 0;
    std::size_t reported = 0;
    for (const auto& [key, group] : groups_) {
      if (reported++ == most_groups) left_out = groups_.size() - most_groups;
      if (left_out != 0) break;
      const MemoryHit& hit = *group.first;
      const std::string form{name(hit.hit.form)};
      add(Kind::detection, group.process->role + ": " + place_in(group.process->scan.mappings[hit.mapping], hit.hit.offset),
          "Found " + subject_of(trial_.canaries, hit.hit) + ", " + form +
              (group.count > 1 ? ", and " + std::to_string(group.count - 1) + " more like it in the same mapping. " : ". ") +
              std::string{why(hit.hit.secret)},
          group.count);
    }
    if (left_out != 0) add(Kind::detection, "", "More mappings and forms; the evidence has them all.", left_out);
  }

  void report_clean() {
    if (read_ == 0) return;
    std::string sentence = "No canary that must be forgotten in " + std::to_string(processes_.size()) + " processes; " +
                           std::to_string(unreadable_) + " bytes could not be read.";
    for (std::size_t i = 1; i < secret_count; ++i) {
      if (allowed_[i] == 0) continue;
      const auto secret = static_cast<Secret>(i);
      sentence += " " + std::to_string(allowed_[i]) + " hits of kind " + std::string{name(secret)} + ": " +
                  std::string{why(secret)};
    }
    add(Kind::clean, "", std::move(sentence), read_);
  }

  // One finding for all sizes: those of which no byte was found are named.
  void report_control() {
    std::map<std::size_t, bool> sizes;
    const std::vector<MadePayload>& payloads = trial_.canaries.payloads();
    for (std::size_t number = 0; number < payloads.size(); ++number) {
      const MadePayload& made = payloads[number];
      if (made.blocks == 0 && !made.marker) continue;   // too small to be searched for
      sizes[made.size] |= made.marker ? small_.contains(*made.marker) : found_.contains(number);
    }
    std::string missing;
    for (const auto& [size, seen] : sizes) {
      if (!seen) missing += (missing.empty() ? "" : ", ") + std::to_string(size);
    }
    const std::uint64_t count = allowed_[static_cast<std::size_t>(Secret::payload)];
    if (sizes.empty()) {
      add(Kind::missing, "", "No payload was made that could be searched for.", 0);
    } else if (missing.empty()) {
      add(Kind::expected, "", "Queued payloads of all " + std::to_string(sizes.size()) + " sizes were found.", count);
    } else {
      add(Kind::missing, "", "Queued payloads of these sizes were not found: " + missing + ".", count);
    }
  }

  const Trial& trial_;
  const Phase phase_;
  const std::span<const ScannedProcess> processes_;
  Findings findings_;
  std::map<std::tuple<pid_t, std::size_t, Secret, Form>, Group> groups_;
  std::array<std::uint64_t, secret_count> allowed_{};
  std::set<std::size_t> found_;    // payloads of which a block was found
  std::set<std::size_t> small_;    // markers of small payloads that were found
  std::uint64_t read_ = 0;
  std::uint64_t unreadable_ = 0;
};

nlohmann::json line_of(const ScannedProcess& process, std::size_t number, Secret secret, Form form) {
  const Mapping& mapping = process.scan.mappings[number];
  return {{"process", process.role},           {"mapping", mapping.name},  {"permissions", mapping.permissions},
          {"mapping_bytes", mapping.size()},   {"secret", name(secret)},   {"form", name(form)}};
}

}  // namespace

Findings judge_memory(const Trial& trial, Phase phase, std::span<const ScannedProcess> processes) {
  return Verdict{trial, phase, processes}.run();
}

void write_hits(const std::string& path, const Trial& trial, Phase phase, std::span<const ScannedProcess> processes) {
  std::ofstream file{path};
  for (const ScannedProcess& process : processes) {
    std::map<std::tuple<std::size_t, Secret, Form>, std::uint64_t> others;
    for (const MemoryHit& found : process.scan.hits) {
      const Hit& hit = found.hit;
      if (allowed(trial, phase, hit.secret)) {
        ++others[{found.mapping, hit.secret, hit.form}];
        continue;
      }
      nlohmann::json line = line_of(process, found.mapping, hit.secret, hit.form);
      line["offset"] = hit.offset;
      line["place"] = place_in(process.scan.mappings[found.mapping], hit.offset);
      line["marker"] = hit.marker;
      if (hit.block) {
        line["block"] = *hit.block;
        if (const auto payload = trial.canaries.payload_of(*hit.block)) line["payload"] = *payload;
      }
      file << line << '\n';
    }
    for (const auto& [kind, count] : others) {
      nlohmann::json line = line_of(process, std::get<0>(kind), std::get<1>(kind), std::get<2>(kind));
      line["allowed"] = count;
      file << line << '\n';
    }
  }
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

}  // namespace lethe::audit
