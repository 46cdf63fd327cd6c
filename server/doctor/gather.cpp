#include "doctor/gather.hpp"

#include <algorithm>

#include "doctor/proc_file.hpp"

namespace lethe::doctor {
namespace {

namespace fs = std::filesystem;

bool in_container(Place place) { return place == Place::docker || place == Place::podman || place == Place::kubernetes; }

std::optional<bool> flag(const std::optional<std::uint64_t>& number) {
  return number ? std::optional{*number != 0} : std::nullopt;
}

// «/» is the second word of a line of /proc/mounts, its options are the fourth.
bool root_is_writable(const fs::path& root) {
  for (const std::string& line : lines_of(read_text(root / "proc/self/mounts").value_or(""))) {
    const auto words = words_of(line);
    if (words.size() > 3 && words[1] == "/") return words[3].starts_with("rw");
  }
  return false;
}

}  // namespace

CrashFacts gather_crash(const fs::path& root) {
  CrashFacts facts;
  if (const auto pattern = read_text(root / "proc/sys/kernel/core_pattern")) facts.core_pattern = pattern->substr(0, pattern->find('\n'));
  facts.crash_kernel = flag(read_number(root / "sys/kernel/kexec_crash_loaded"));
  // Without the file the kernel was built without it, as long as there is its neighbour.
  if (!facts.crash_kernel && fs::exists(root / "sys/kernel/mm")) facts.crash_kernel = false;
  if (const auto states = read_text(root / "sys/power/state")) {
    const auto words = words_of(*states);
    facts.can_hibernate = std::ranges::find(words, "disk") != words.end() &&
                          read_text(root / "sys/power/disk").value_or("").find("[disabled]") == std::string::npos;
  } else if (fs::exists(root / "sys/kernel/mm")) {
    facts.can_hibernate = false;
  }
  const auto resume = read_word(root / "sys/power/resume");
  facts.has_resume_device = resume && !resume->empty() && *resume != "0:0";
  return facts;
}

NetworkFacts gather_network(const fs::path& root) {
  const fs::path settings = root / "proc/sys/net";
  NetworkFacts facts;
  facts.backlog = read_number(settings / "core/somaxconn");
  facts.half_open = read_number(settings / "ipv4/tcp_max_syn_backlog");
  facts.syn_cookies = flag(read_number(settings / "ipv4/tcp_syncookies"));
  facts.tracked = read_number(settings / "netfilter/nf_conntrack_max");
  return facts;
}

HostFacts gather_host(const fs::path& root) {
  HostFacts facts;
  std::error_code none;
  facts.files_of_machine = read_number(root / "proc/sys/fs/file-max");
  facts.clock_source = read_word(root / "sys/devices/system/clocksource/clocksource0/current_clocksource").value_or("");
  facts.root_writable = root_is_writable(root);
  facts.journal_on_disk = fs::is_directory(root / "var/log/journal", none);
  facts.output_is_file = fs::is_regular_file(root / "proc/self/fd/1", none);
  return facts;
}

KernelFacts gather_kernel(const fs::path& root) {
  KernelFacts facts;
  facts.release = read_word(root / "proc/sys/kernel/osrelease").value_or("unknown");
  for (const std::string& line : lines_of(read_text(root / "proc/cpuinfo").value_or(""))) {
    if (!line.starts_with("flags")) continue;
    const auto words = words_of(line);
    facts.virtual_machine = std::ranges::find(words, "hypervisor") != words.end();
    break;
  }
  return facts;
}

Facts gather(const ops::Config& config, const std::optional<std::string>& file, const fs::path& root) {
  Facts facts;
  facts.process = gather_process(file, root);
  facts.memory = gather_memory(facts.process.relay ? std::to_string(*facts.process.relay) : "self", root);
  facts.crash = gather_crash(root);
  facts.network = gather_network(root);
  facts.kernel = gather_kernel(root);
  facts.host = gather_host(root);
  ask_kernel(facts.kernel, facts.host);
  facts.host.place = gather_place(facts.process, root);
  if (file && !facts.process.relay && facts.host.place == Place::shell && unit_is_installed(root)) {
    facts.host.place = Place::systemd;
    apply_unit(facts.process, facts.memory, root);
  }
  // A relay that runs elsewhere on this machine doesn't have what this process has.
  if (facts.process.relay && !in_container(facts.host.place)) facts.process.may_lock_without_limit = false;
  // A start looks at the certificate itself, and OpenSSL may not be used before its memory is seen to.
  if (file && !config.tls.certificate.empty()) facts.certificate = gather_certificate(config.tls, config.name);
  return facts;
}

}  // namespace lethe::doctor
