#include <algorithm>

#include "doctor/capacity.hpp"
#include "doctor/checks.hpp"
#include "doctor/wording.hpp"

namespace lethe::doctor {
namespace {

constexpr std::uint64_t files_beside_sessions = 100;
constexpr std::uint64_t least_backlog = 1'024;

std::string sysctl(const char* name, std::uint64_t value) { return std::string{"sysctl -w "} + name + "=" + std::to_string(value); }

// What of the limits that grow with use fits into `memory`, as sessions and mailboxes in their present proportion.
std::string smaller_limits(const ops::Config& config, ByteCount memory) {
  const ByteCount fixed = memory_at_start(config) + config.limits.session.transit;
  const double share = static_cast<double>(memory - fixed) / static_cast<double>(memory_at_most(config) - fixed);
  const auto part = [share](std::uint64_t whole) { return std::to_string(std::max<std::uint64_t>(1, static_cast<std::uint64_t>(static_cast<double>(whole) * share))); };
  const Limits& limits = config.limits;
  return R"("limits": {"session": {"total": )" + part(limits.session.total) + R"(}, "relay": {"mailboxes": )" + part(limits.relay.mailboxes) +
         R"(, "dedupe_entries": )" + part(limits.relay.dedupe_entries) + R"(, "invites": )" + part(limits.relay.invites) + "}}";
}

}  // namespace

Finding check_memory_size(const ops::Config& config, const Facts& facts) {
  constexpr const char* check = "memory-size";
  if (!facts.memory.total) return unseen(check, "The size of the memory");
  const ByteCount total = *facts.memory.total;
  const ByteCount start = memory_at_start(config), most = memory_at_most(config);
  const std::string there = bytes_text(total) + " of memory for the relay";
  if (start + config.limits.session.transit >= total) {
    return found(Severity::warning, check, "There is " + there + "; it takes " + bytes_text(start) + " at the start, and more with the first messages.",
                 "The start fails, or the kernel ends the relay soon, and all that waits is lost.",
                 in_configuration(R"("memory": {"arena": )" + std::to_string(total / 2) + R"(}, "limits": {"relay": {"bytes": )" + std::to_string(total / 8 * 3) + "}}"));
  }
  if (most > total) {
    return found(Severity::warning, check, "There is " + there + "; with its limits used to the last it takes " + bytes_text(most) + ".",
                 "Before the limits are reached the kernel may end the relay, and all that waits is lost: a limit refuses, and loses nothing.",
                 in_configuration(smaller_limits(config, total)));
  }
  if (facts.memory.overcommit == 2U) {
    return found(Severity::note, check, "vm.overcommit_memory is 2: address space is counted, and each thread reserves 70 MB of it.",
                 "The start can fail with memory to spare.", on_host(facts.host.place, "sysctl -w vm.overcommit_memory=0"));
  }
  return fine(check, "There is " + there + "; with its limits used to the last it takes " + bytes_text(most) + ".");
}

Finding check_messages(const ops::Config& config, const Facts&) {
  constexpr const char* check = "messages";
  std::string text;
  for (const ByteCount payload : {100U, 256U, 1'024U, 4'096U, 65'536U}) {
    if (payload > config.limits.message.payload) break;
    text += (text.empty() ? "" : ", or ") + grouped(messages_that_fit(config, payload)) + " of " + grouped(payload) + " bytes";
  }
  if (text.empty()) text = grouped(messages_that_fit(config, config.limits.message.payload)) + " of " + grouped(config.limits.message.payload) + " bytes";
  return fine(check, "Room for " + text + " that wait, where all are urgent; lower urgencies are refused earlier (limits.relay.low_watermark).");
}

Finding check_open_files(const ops::Config& config, const Facts& facts) {
  constexpr const char* check = "open-files";
  const std::uint64_t needed = config.limits.session.total + files_beside_sessions;
  if (!facts.process.open_files) return unseen(check, "The limit of open files");
  const std::uint64_t limit = std::min(*facts.process.open_files, facts.host.files_of_machine.value_or(unlimited));
  if (limit >= needed) return fine(check, "The limit of open files is " + (limit == unlimited ? "unlimited" : grouped(limit)) + "; limits.session.total needs " + grouped(needed) + ".");
  const bool machine = facts.host.files_of_machine && *facts.host.files_of_machine < needed;
  return found(Severity::warning, check,
               (machine ? "The machine's limit of open files is " : "The limit of open files is ") + grouped(limit) + "; limits.session.total (" +
                   grouped(config.limits.session.total) + ") needs " + grouped(needed) + ".",
               "Beyond it connections wait unanswered (event accept_failed), in place of an answer that sends them on.",
               machine ? on_host(facts.host.place, sysctl("fs.file-max", needed * 2)) : open_files_setting(facts.host.place, needed));
}

Finding check_tcp(const ops::Config&, const Facts& facts) {
  constexpr const char* check = "tcp";
  const NetworkFacts& network = facts.network;
  if (!network.backlog && !network.half_open && !network.syn_cookies) return unseen(check, "The settings of TCP");
  if (network.syn_cookies == false) {
    return found(Severity::warning, check, "net.ipv4.tcp_syncookies is off.", "A flood of half-open connections keeps everybody else out.",
                 on_host(facts.host.place, sysctl("net.ipv4.tcp_syncookies", 1)));
  }
  const char* const low = network.backlog.value_or(unlimited) < least_backlog    ? "net.core.somaxconn"
                          : network.half_open.value_or(unlimited) < least_backlog ? "net.ipv4.tcp_max_syn_backlog"
                                                                                  : nullptr;
  if (low == nullptr) return fine(check, "TCP takes a crowd: SYN cookies are on, and its queues are long enough.");
  const std::uint64_t is = network.backlog.value_or(unlimited) < least_backlog ? *network.backlog : *network.half_open;
  return found(Severity::note, check, std::string{low} + " is " + grouped(is) + ".",
               "After a restart all clients come at once; what the queue doesn't take tries again seconds later.", on_host(facts.host.place, sysctl(low, 4'096)));
}

Finding check_connection_tracking(const ops::Config& config, const Facts& facts) {
  constexpr const char* check = "connection-tracking";
  if (!facts.network.tracked) return fine(check, "The kernel tracks no connections here.");
  const std::uint64_t needed = std::uint64_t{config.limits.session.total} * 5 / 4;
  if (*facts.network.tracked >= needed) return fine(check, "The kernel tracks up to " + grouped(*facts.network.tracked) + " connections.");
  return found(Severity::warning, check,
               "The kernel tracks " + grouped(*facts.network.tracked) + " connections at most; limits.session.total is " + grouped(config.limits.session.total) + ".",
               "Beyond it packets of new connections are dropped, without a word to anybody.",
               on_host(facts.host.place, sysctl("net.netfilter.nf_conntrack_max", needed)));
}

}  // namespace lethe::doctor
