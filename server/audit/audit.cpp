#include "audit/audit.hpp"

#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "audit/audit_plan.hpp"
#include "audit/controls/control_trials.hpp"
#include "audit/report/evidence.hpp"
#include "audit/report/write_reports.hpp"
#include "audit/stage/image.hpp"
#include "audit/subject.hpp"

namespace lethe::audit {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

fs::path own_directory() { return fs::read_symlink("/proc/self/exe").parent_path(); }

std::uint64_t random_seed() {
  std::uint64_t seed = 0;
  if (::getrandom(&seed, sizeof seed, 0) != sizeof seed) throw std::runtime_error{"the system gives no random bytes"};
  return seed;
}

std::string hexadecimal(std::uint64_t number) {
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[number >> shift & 15];
  return text;
}

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%FT%TZ", &parts);
  return text.data();
}

// Empty for a running relay.
Launch launch_of(const AuditOptions& options, const std::string& work) {
  if (options.pid != 0) return {};
  Launch launch;
  if (!options.image.empty()) {
    launch = launch_of_image(options.image, work);
  } else {
    const fs::path program = options.binary.empty() ? own_directory() / "lethe" : fs::path{options.binary};
    std::error_code error;
    launch.program = fs::canonical(program, error).string();
    if (error) throw std::runtime_error{"there is no program " + program.string()};
    launch.environment = {"PATH=/usr/local/bin:/usr/bin:/bin"};
  }
  launch.arguments.insert(launch.arguments.end(), options.flags.begin(), options.flags.end());
  return launch;
}

std::string name_of_subject(const AuditOptions& options, const Launch& launch) {
  return options.image.empty() ? launch.program : "image " + options.image;
}

// What repeats the audit.
std::string command_of(const AuditOptions& options, const std::string& seed) {
  std::string command = std::string{"lethe-audit run "} + (options.full ? "--full" : "--quick") + " --seed " + seed;
  if (!options.binary.empty()) command += " --binary " + options.binary;
  if (!options.image.empty()) command += " --image " + options.image;
  if (options.pid != 0) command += " --pid " + std::to_string(options.pid);
  if (!options.flags.empty()) command += " --";
  for (const std::string& flag : options.flags) command += " " + flag;
  return command;
}

// Over all trials: the longest of each state.
void merge(std::vector<Lifetime>& all, const std::vector<Lifetime>& more) {
  for (const Lifetime& one : more) {
    const auto known = std::ranges::find(all, one.state, &Lifetime::state);
    if (known == all.end()) {
      all.push_back(one);
      continue;
    }
    known->longest = std::max(known->longest, one.longest);
    known->samples += one.samples;
  }
}

// The last one that was evaluated is that of the process that serves.
std::string filter_seen(const std::vector<TrialReport>& trials) {
  std::string digest;
  for (const TrialReport& trial : trials) {
    for (const Finding& finding : trial.findings) {
      if (finding.detector == Detector::filter && finding.kind == Kind::clean) digest = finding.place;
    }
  }
  return digest;
}

std::optional<ControlPrograms> control_programs(const AuditOptions& options) {
  if (!options.controls.empty()) return find_control_programs(fs::absolute(options.controls).string());
  for (const fs::path& directory : {own_directory() / "controls", own_directory().parent_path() / "controls"}) {
    if (auto programs = find_control_programs(directory.string())) return programs;
  }
  return std::nullopt;
}

// The planted leaks are programs of this machine: an image's relay is run with them outside of its root, and as root, since they
// leak in ways that are open to root only.
Launch outside_of_root(Launch launch) {
  if (launch.root.empty()) return launch;
  launch.program = launch.root + launch.program;
  launch.root.clear();
  launch.working_directory.clear();
  launch.user = 0;
  launch.group = 0;
  return launch;
}

void run_controls(const AuditOptions& options, const TrialOrder& first, AuditScreen& screen, Report& report) {
  if (options.pid != 0) return;
  std::optional<ControlPrograms> programs = control_programs(options);
  if (!programs) {
    report.not_checked.push_back({"that the probes see a leak", "the programs with the planted leaks are not there (--controls)"});
    return;
  }
  TrialOrder order = first;
  order.launch = outside_of_root(first.launch);
  order.number = 1'000;   // far from the numbers of the audit's own trials
  ControlTrials controls{std::move(*programs), std::move(order), screen};
  screen.expect(static_cast<unsigned>(all_controls().size()) + 1 + (options.full ? blind_runs : 0));
  report.controls = controls.run_all();
  if (options.full) report.blind = controls.run_blind(blind_runs);
}

// Where hits lay in memory, phase by phase: what the findings were made from.
void keep_raw_evidence(const std::string& work, const fs::path& to) {
  for (const fs::directory_entry& trial : fs::directory_iterator{work}) {
    if (!trial.is_directory()) continue;
    for (const fs::directory_entry& file : fs::directory_iterator{trial.path()}) {
      if (!file.is_regular_file() || file.path().extension() != ".jsonl") continue;
      const fs::path directory = to / "raw" / trial.path().filename();
      fs::create_directories(directory);
      fs::copy_file(file.path(), directory / file.path().filename(), fs::copy_options::overwrite_existing);
    }
  }
}

// The report's own directory, empty but for what an earlier report has left there.
fs::path make_report_directory(const std::string& path) {
  const fs::path directory = fs::absolute(path);
  fs::create_directories(directory);
  fs::remove_all(directory / "raw");
  for (const fs::directory_entry& entry : fs::directory_iterator{directory}) {
    const std::string name = entry.path().filename().string();
    const bool ours = std::ranges::find(report_files, name) != std::end(report_files) || stands_outside_the_sums(name);
    if (!ours) throw std::runtime_error{directory.string() + " has files that are not of a report; name another directory"};
  }
  return directory;
}

}  // namespace

Report run_audit(const AuditOptions& options, const Namespaces& namespaces, const std::string& work, AuditScreen& screen) {
  const auto began = Clock::now();
  const fs::path directory = make_report_directory(options.report);
  Report report;
  report.began = utc_now();
  report.full = options.full;
  const std::uint64_t seed = options.seed.value_or(random_seed());
  report.seed = hexadecimal(seed);
  report.auditor = "lethe-audit " LETHE_VERSION;
  report.command = command_of(options, report.seed);
  report.not_checked = left_out(options);
  if (!namespaces.why_not.empty()) report.not_checked.push_back({"storage and network by themselves", namespaces.why_not});

  const Launch launch = launch_of(options, work);
  report.subject = options.pid != 0 ? describe_running(options.pid) : describe_subject(name_of_subject(options, launch), launch);
  const std::vector<TrialOrder> orders = plan_trials(options, launch, seed, work, std::thread::hardware_concurrency());
  screen.expect(static_cast<unsigned>(orders.size()));
  bool as_it_comes = false;
  for (const TrialOrder& order : orders) {
    TrialOutcome outcome = run_trial(order, all_probes(), screen);
    merge(report.lifetimes, outcome.lifetimes);
    // The page of a relay that is run as it comes: some trials turn its secret memory off, to look into it.
    const bool better = report.subject.well_known.empty() || (order.scenario.secret_arena && !as_it_comes);
    if (better && !outcome.well_known.empty()) {
      report.subject.well_known = std::move(outcome.well_known);
      as_it_comes = order.scenario.secret_arena;
    }
    report.trials.push_back(std::move(outcome.report));
  }
  report.subject.filter_sha256 = filter_seen(report.trials);
  run_controls(options, orders.front(), screen, report);

  report.duration = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began);
  judge(report);
  keep_raw_evidence(work, directory);
  report.evidence = collect_evidence(directory.string());
  write_reports(report, directory.string(), {launch.root + launch.program, launch.root});
  return report;
}

}  // namespace lethe::audit
