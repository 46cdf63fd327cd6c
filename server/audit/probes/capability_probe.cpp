#include "audit/probes/capability_probe.hpp"

#include <fcntl.h>
#include <linux/audit.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "audit/canary/search.hpp"
#include "audit/probes/kernel_objects.hpp"
#include "audit/probes/process_state.hpp"
#include "audit/probes/second_lines.hpp"

namespace lethe::audit {
namespace {

constexpr long highest_call = 600;
constexpr std::uint32_t x32_bit = 0x4000'0000;

Finding found(Detector detector, Kind kind, std::string place, std::string sentence, std::uint64_t count = 0) {
  return {detector, kind, {}, std::move(place), std::move(sentence), count};
}

std::string process_name(pid_t process) { return "process " + std::to_string(process); }

// «openat», or «call 437».
std::string text_of(long number) {
  const std::string_view name = call_name(number);
  return name.empty() ? "call " + std::to_string(number) : std::string{name};
}

seccomp_data as_call(const Exit& exit) {
  seccomp_data call{};
  call.nr = static_cast<int>(exit.number);
  call.arch = AUDIT_ARCH_X86_64;
  std::ranges::copy(exit.arguments, call.args);
  return call;
}

// A filter answers so; everything else means that the call reached the kernel's own code.
bool refused(long result) { return result == -EPERM || result == -EACCES || result == -ENOSYS; }

// What is wrong with these filters for this role; each is a detection.
void judge_filters(const std::vector<BpfProgram>& filters, Role role, const std::string& place, Findings& findings) {
  const std::size_t before = findings.size();
  const auto report = [&](std::string sentence) { findings.push_back(found(Detector::filter, Kind::detection, place, std::move(sentence))); };
  if (filters.empty()) report("No seccomp filter is installed.");
  std::uint64_t allowed = 0;
  for (long number = 0; number <= highest_call && !filters.empty(); ++number) {
    const bool native = may_allow(filters, AUDIT_ARCH_X86_64, static_cast<std::uint32_t>(number));
    allowed += native ? 1 : 0;
    if (native && !is_harmless(role, number)) report("The filter allows " + text_of(number) + ".");
    if (may_allow(filters, AUDIT_ARCH_X86_64, static_cast<std::uint32_t>(number) | x32_bit)) report("The filter allows x32 " + text_of(number) + ".");
    if (may_allow(filters, AUDIT_ARCH_I386, static_cast<std::uint32_t>(number))) report("The filter allows 32-bit call " + std::to_string(number) + ".");
  }
  for (const Exit& exit : exits()) {
    if (filters.empty() || (role == Role::broker && exit.broker_may)) continue;
    if (allows(run(filters, as_call(exit)))) report("The filter allows «" + std::string{exit.name} + "».");
  }
  if (findings.size() > before) return;
  findings.push_back(found(Detector::filter, Kind::clean, filters.front().sha256(),
                           "Of " + std::to_string(highest_call + 1) + " system calls the filter of " + place + " can allow " +
                               std::to_string(allowed) + ", all harmless; every way out is refused.", allowed));
}

// In the child: what a relay must see to itself before it serves.
void be_careless() {
  constexpr int number = 57;
  constexpr int pr_set_memory_merge = 67;
  const int directory = ::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory >= 0) ::dup2(directory, number);
  ::prctl(pr_set_memory_merge, 1, 0, 0, 0);
}

void check_field(const std::map<std::string, std::string>& fields, const std::string& name, const std::string& wanted,
                 const std::string& place, Findings& findings) {
  const auto field = fields.find(name);
  const std::string is = field == fields.end() ? "missing" : field->second;
  if (is != wanted) findings.push_back(found(Detector::process_state, Kind::detection, place, name + " is " + is + ", not " + wanted + "."));
}

}  // namespace

void CapabilityProbe::arm(const Trial& trial, Launch& launch, Findings&) {
  objects_before_ = kernel_objects();
  if (!trial.lockdown || trial.attached) return;
  for (const char* const variable : {"LD_BIND_NOW=1", "SSLKEYLOGFILE=/keys", "GCONV_PATH=/", "TMPDIR=/tmp", "MALLOC_ARENA_TEST=1"}) {
    launch.environment.emplace_back(variable);
  }
  launch.in_child.emplace_back(be_careless);
}

void CapabilityProbe::attach(const Trial&, const RelayProcess& relay, Findings&) {
  for (const pid_t process : relay.pids()) {
    for (const pid_t thread : threads_of(process)) names_[thread] = status_of(thread)["Name"];
  }
}

void CapabilityProbe::observe(const Trial& trial, Phase phase, const RelayProcess& relay, Findings& findings) {
  if (phase == Phase::stopped) return check_kernel_objects(phase, findings);
  const pid_t serving = relay.serving();
  for (const pid_t process : relay.pids()) {
    const Role role = process == serving ? Role::relay : Role::broker;
    if (trial.lockdown && phase == Phase::started) {
      evaluate_filter(process, role, findings);
      check_confinement(process, role, findings);
    }
    if (trial.lockdown && !trial.attached && phase == Phase::acknowledged && role == Role::relay) inject(process, findings);
    check_contents(trial, process, phase, findings);
  }
  check_kernel_objects(phase, findings);
}

void CapabilityProbe::evaluate_filter(pid_t process, Role role, Findings& findings) const {
  for (const pid_t thread : threads_of(process)) {
    const auto tracee = Tracee::seize(thread);
    const auto filters = tracee ? tracee->filters() : std::nullopt;
    const std::string place = process_name(process) + ", thread " + std::to_string(thread);
    if (filters) judge_filters(*filters, role, place, findings);
    else findings.push_back(found(Detector::filter, Kind::not_armed, place, std::string{"The kernel doesn't tell the filter: "} + std::strerror(errno) + "."));
  }
}

void CapabilityProbe::inject(pid_t process, Findings& findings) const {
  const auto tracee = Tracee::seize(process);
  const std::string place = process_name(process);
  const auto control = tracee ? tracee->call(SYS_getpid, {}) : std::nullopt;
  if (!control || *control != process) {
    findings.push_back(found(Detector::injection, Kind::not_armed, place, "No call can be made from inside of the process."));
    return;
  }
  std::uint64_t tried = 0;
  bool held = true;
  for (const Exit& exit : exits()) {
    if (!exit.inject) continue;
    auto arguments = exit.arguments;
    if (exit.path_argument >= 0) arguments[static_cast<std::size_t>(exit.path_argument)] = tracee->place(exit.path);
    const auto result = tracee->call(exit.number, arguments);
    ++tried;
    if (result && refused(*result)) continue;
    held = false;
    const bool forks = exit.number == SYS_clone || exit.number == SYS_fork;
    if (result && *result > 0 && forks) ::kill(static_cast<pid_t>(*result), SIGKILL);
    const std::string outcome = !result ? "ended the process" : *result < 0 ? std::string{"reached the kernel ("} + std::strerror(static_cast<int>(-*result)) + ")" : "succeeded";
    findings.push_back(found(Detector::injection, Kind::detection, place, "From inside, «" + std::string{exit.name} + "» " + outcome + "."));
  }
  if (held) findings.push_back(found(Detector::injection, Kind::clean, place, "Forbidden calls from inside were refused, all of " + std::to_string(tried) + ".", tried));
  look_behind_filter(*tracee, place, findings);
}

void CapabilityProbe::look_behind_filter(Tracee& tracee, const std::string& place, Findings& findings) const {
  if (!tracee.suspend_filters()) {
    findings.push_back(found(Detector::injection, Kind::not_armed, place, std::string{"The kernel doesn't suspend the filter: "} + std::strerror(errno) + "."));
    return;
  }
  const SecondLines lines = try_second_lines(tracee);
  for (const std::string& broken : lines.broken) findings.push_back(found(Detector::injection, Kind::detection, place, broken));
  if (!lines.broken.empty()) return;
  findings.push_back(found(Detector::injection, Kind::clean, place, "With the filter suspended, what stands behind it held, all of " + std::to_string(lines.tried) + ".", lines.tried));
}

void CapabilityProbe::check_confinement(pid_t process, Role role, Findings& findings) const {
  const std::size_t before = findings.size();
  for (const pid_t thread : threads_of(process)) {
    const std::string place = process_name(process) + ", thread " + std::to_string(thread);
    const auto status = status_of(thread);
    check_field(status, "Seccomp", "2", place, findings);
    check_field(status, "NoNewPrivs", "1", place, findings);
    for (const char* const set : {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"}) check_field(status, set, "0000000000000000", place, findings);
  }
  const std::string place = process_name(process);
  const auto limits = limits_of(process);
  check_field(limits, "Max core file size", "0 0", place, findings);
  if (role == Role::relay) check_field(limits, "Max file size", "0 0", place, findings);
  if (role == Role::relay) check_field(limits, "Max processes", "0 0", place, findings);
  for (const std::string& variable : variables_of(process)) {
    constexpr std::string_view hostile[] = {"LD_", "SSLKEYLOGFILE", "OPENSSL_", "GCONV_PATH", "MALLOC_", "TMPDIR", "GLIBC_TUNABLES"};
    if (std::ranges::none_of(hostile, [&](std::string_view prefix) { return variable.starts_with(prefix); })) continue;
    findings.push_back(found(Detector::process_state, Kind::detection, place, "Its environment holds " + variable + "."));
  }
  for (const MappingRights& mapping : mappings_of(process)) {
    const bool secret = mapping.name.find("secretmem") != mapping.name.npos;
    const bool shared_and_writable = mapping.rights.find('w') != mapping.rights.npos && mapping.rights.ends_with('s') && !secret;
    const bool executable_and_writable = mapping.rights.starts_with("rwx");
    if (shared_and_writable || executable_and_writable) {
      findings.push_back(found(Detector::process_state, Kind::detection, place, "A mapping is " + mapping.rights + "."));
    }
  }
  if (findings.size() == before) findings.push_back(found(Detector::process_state, Kind::clean, place, "Limits, rights, environment and mappings leave no way out."));
}

// What a process holds and shows, whether or not it is locked down.
void CapabilityProbe::check_contents(const Trial& trial, pid_t process, Phase phase, Findings& findings) const {
  const std::string place = process_name(process);
  const auto report = [&](std::string sentence) {
    findings.push_back({Detector::process_state, Kind::detection, phase, place, std::move(sentence), 1});
  };
  for (const auto& [number, target] : descriptors_of(process)) {
    const bool log = number <= 2 && !trial.lockdown;   // without a broker they are the terminal or file it was given
    if (!keeps_nothing(target) && !log) report("Descriptor " + std::to_string(number) + " is open on something that can keep bytes.");
  }
  const Search search{trial.canaries};
  for (const char* const file : {"cmdline", "environ", "comm"}) {
    const std::string text = content_of(process, file);
    const auto hits = search.find({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    if (!hits.empty()) report(std::string{"Its "} + file + " holds a canary.");
  }
  for (const pid_t thread : threads_of(process)) {
    const auto known = names_.find(thread);
    if (known != names_.end() && status_of(thread)["Name"] != known->second) report("A thread has changed its name.");
  }
}

void CapabilityProbe::check_kernel_objects(Phase phase, Findings& findings) const {
  const auto objects = kernel_objects();
  const auto fresh = std::ranges::count_if(objects, [this](const std::string& object) { return !objects_before_.contains(object); });
  if (fresh == 0) return;
  findings.push_back({Detector::process_state, Kind::detection, phase, "the kernel", "System V objects, queues or keys have come into being.",
                      static_cast<std::uint64_t>(fresh)});
}

}  // namespace lethe::audit
