#include "audit/audit.hpp"

#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

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
#include "audit/stage/interrupt.hpp"
#include "audit/stage/namespaces.hpp"
#include "audit/stage/run_to_end.hpp"
#include "audit/subject.hpp"

namespace lethe::audit {
namespace {

namespace fs = std::filesystem;

std::string own_directory() { return fs::read_symlink("/proc/self/exe").parent_path().string(); }

std::uint64_t random_seed() {
  std::uint64_t seed = 0;
  if (::getrandom(&seed, sizeof seed, 0) != sizeof seed) throw std::runtime_error{"no random seed can be had"};
  return seed;
}

std::string hexadecimal(std::uint64_t value) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
  return text;
}

// RFC 3339.
std::string now_utc() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

// Of the relay that serves, where a probe took it out of the kernel.
std::string filter_of(const Report& report) {
  for (const TrialReport& trial : report.trials) {
    for (const Finding& finding : trial.findings) {
      if (finding.detector == Detector::filter && finding.kind == Kind::clean && finding.place.size() == 64) return finding.place;
    }
  }
  return {};
}

// The longest of each state over all trials.
void merge(std::vector<Lifetime>& all, const std::vector<Lifetime>& more) {
  for (const Lifetime& lifetime : more) {
    const auto same = std::ranges::find(all, lifetime.state, &Lifetime::state);
    if (same == all.end()) {
      all.push_back(lifetime);
    } else {
      same->longest = std::max(same->longest, lifetime.longest);
      same->samples += lifetime.samples;
    }
  }
}

constexpr std::uint64_t first_control = 1'000;   // beyond the numbers of the other trials: canaries are never the same twice

class Audit {
 public:
  Audit(const AuditOptions& options, const Namespaces& namespaces, const std::string& work, AuditScreen& screen)
      : options_{options}, screen_{screen}, seed_{options.seed.value_or(random_seed())}, namespaces_{namespaces}, work_{work} {
    // The auditor holds every canary itself: none of it may come to the swap that it then searches.
    if (namespaces_.root) ::mlockall(MCL_CURRENT | MCL_FUTURE);
    prepare_report_directory();
  }

  Report carry_out() {
    const auto began = std::chrono::steady_clock::now();
    report_.seed = hexadecimal(seed_);
    report_.full = options_.full;
    report_.began = now_utc();
    report_.not_checked = left_out(options_);
    if (!namespaces_.root) report_.not_checked.push_back({"what only root can look at", "the auditor ran as a normal user"});
    if (!namespaces_.why_not.empty()) report_.not_checked.push_back({"the relay by itself, in namespaces of its own", namespaces_.why_not});
    prepare_subject();
    screen_.say("Seed " + report_.seed + ", " + report_.subject.program + ", " + report_.subject.version);
    run_trials();
    if (options_.pid == 0) run_controls();
    report_.subject.filter_sha256 = filter_of(report_);
    report_.duration = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    judge(report_);
    write();
    return std::move(report_);
  }

 private:
  // Its files are about to be listed with their digests: it holds a report and nothing else.
  void prepare_report_directory() {
    const fs::path directory = options_.report;
    if (fs::exists(directory) && !fs::is_empty(directory) && !fs::exists(directory / "report.json")) {
      throw std::runtime_error{options_.report + " holds something else than a report"};
    }
    fs::remove_all(evidence());
    fs::create_directories(evidence());
  }

  std::string evidence() const { return options_.report + "/evidence"; }

  void prepare_subject() {
    if (options_.pid != 0) {
      report_.subject = describe_running(options_.pid);
      return;
    }
    if (!options_.image.empty()) {
      if (!namespaces_.root || !namespaces_.mounts) throw std::runtime_error{"an image needs root: its files are owned by others"};
      launch_ = launch_of_image(options_.image, work_);
    } else {
      launch_.program = options_.binary.empty() ? own_directory() + "/lethe" : fs::absolute(options_.binary).string();
      if (::access(launch_.program.c_str(), X_OK) != 0) throw std::runtime_error{launch_.program + " can't be run"};
      launch_.environment = {"PATH=/usr/bin:/bin"};
    }
    launch_.arguments.insert(launch_.arguments.end(), options_.flags.begin(), options_.flags.end());
    report_.subject = describe_subject(options_.image.empty() ? launch_.program : "image " + options_.image, launch_);
  }

  void run_trials() {
    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    std::vector<TrialOrder> orders = plan_trials(options_, launch_, seed_, work_, cores);
    if (options_.pid == 0) known_ = known_flags(launch_);
    screen_.expect(static_cast<unsigned>(orders.size()));
    for (TrialOrder& order : orders) {
      order.known_flags = known_;
      TrialOutcome outcome = run_trial(order, all_probes(), screen_);
      if (report_.subject.well_known.empty()) report_.subject.well_known = outcome.well_known;
      merge(report_.lifetimes, outcome.lifetimes);
      report_.trials.push_back(std::move(outcome.report));
      check_interrupt();
    }
  }

  void run_controls() {
    const std::string directory = options_.controls.empty() ? own_directory() + "/../controls" : options_.controls;
    const auto programs = find_control_programs(directory);
    if (!programs) {
      const std::string why = "not run: the programs with planted leaks are not in " + fs::weakly_canonical(directory).string();
      for (const Control& control : all_controls()) {
        ControlResult& none = report_.controls.emplace_back();
        none.control = &control;
        none.note = why;
      }
      return;
    }
    TrialOrder order;
    order.launch = launch_;
    order.seed = seed_;
    order.number = first_control;
    order.directory = work_;
    order.known_flags = known_;
    screen_.expect(static_cast<unsigned>(all_controls().size()) + 1 + (options_.full ? blind_runs : 0));
    ControlTrials trials{*programs, order, screen_};
    report_.controls = trials.run_all();
    if (options_.full) report_.blind = trials.run_blind(blind_runs);
  }

  // From the auditor's own memory to where it stays.
  void write() {
    for (const TrialReport& trial : report_.trials) {
      const std::string from = work_ + "/" + trial.id;
      if (fs::exists(from)) fs::copy(from, evidence() + "/" + trial.id, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    }
    report_.evidence = collect_evidence(options_.report);
    write_reports(report_, options_.report, {});
  }

  const AuditOptions& options_;
  AuditScreen& screen_;
  std::uint64_t seed_;
  const Namespaces& namespaces_;
  std::string work_;
  Launch launch_;
  std::vector<std::string> known_;
  Report report_;
};

}  // namespace

Report run_audit(const AuditOptions& options, const Namespaces& namespaces, const std::string& work, AuditScreen& screen) {
  notice_interrupts();
  return Audit{options, namespaces, work, screen}.carry_out();
}

}  // namespace lethe::audit
