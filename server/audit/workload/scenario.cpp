#include "audit/workload/scenario.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace lethe::audit {
namespace {

using enum Phase;

// Between `queued` and the end, in the order of Phase.
constexpr Phase every_stage[] = {acknowledged, closed,    expired,   displaced, recalled,
                                 refused,      oversized, malformed, cut_off,   taken_over};

constexpr std::array<std::string_view, ending_count> ended_by = {
    "ended by SIGTERM while acknowledgements were in flight",
    "ended by SIGTERM while messages waited",
    "ended by SIGINT while messages waited",
    "ended by SIGKILL while messages waited",
    "ended by SIGKILL of the serving process while messages waited",
    "ended by a crash while messages waited, core dumps to a file",
    "ended by a crash while messages waited, core dumps to a program",
    "not ended"};

std::vector<Phase> all_stages() { return {std::begin(every_stage), std::end(every_stage)}; }

std::string name_of_flag(std::string_view flag) { return std::string{flag.substr(0, flag.find('='))}; }

// Small enough to scan often, and with limits that the stages can reach.
constexpr std::pair<std::string_view, std::string_view> common_flags[] = {
    {"listen", "127.0.0.1:0"},
    {"admin", "127.0.0.1:0"},
    {"name", "localhost"},
    {"log.level", "debug"},
    {"memory.arena", "24MiB"},
    {"limits.relay.bytes", "8MiB"},
    {"limits.mailbox.messages", "200"},
    {"limits.mailbox.bytes", "64MiB"},
    // A probe may hold the relay for longer than a device is allowed to be silent.
    {"limits.session.ping", "3600"},
    {"limits.session.idle", "7200"},
    {"drain.acks", "300"},
};

}  // namespace

std::string Scenario::sentence() const {
  std::string text = std::to_string(threads) + (threads == 1 ? " thread" : " threads");
  text += tls == Tls::v1_2 ? ", TLS 1.2, " : ", TLS 1.3, ";
  text += peer::name_of(encoding);
  text += secret_arena ? ", secret arena, " : ", ordinary arena, ";
  if (soak > 0) text += "soak of " + std::to_string(soak) + " messages, ";
  return text.append(ended_by[static_cast<std::size_t>(ending)]);
}

std::vector<std::string> Scenario::flags(std::span<const std::string> known) const {
  std::vector<std::string> all;
  const auto add = [&](std::string_view name, std::string_view value) {
    if (std::ranges::find(known, name) != known.end()) all.push_back("--" + std::string{name} + "=" + std::string{value});
  };
  for (const auto& [name, value] : common_flags) add(name, value);
  add("threads", std::to_string(threads));
  if (tls == Tls::v1_2) add("tls.minimum", "1.2");
  if (!secret_arena) add("memory.secret", "off");
  return all;
}

CorePattern Scenario::crash() const noexcept {
  if (ending == Ending::crash) return CorePattern::file;
  return ending == Ending::crash_piped ? CorePattern::pipe : CorePattern::none;
}

Scenario brief_scenario() {
  return {1, Tls::v1_3, peer::Encoding::binary, false, Ending::terminate, {acknowledged, closed}, 0};
}

std::vector<Scenario> plan(bool full, unsigned cores) {
  using enum peer::Encoding;
  const unsigned many = std::clamp(cores, 2U, 8U);
  if (!full) {
    return {
        {1, Tls::v1_3, json, false, Ending::drain, all_stages(), 0},
        {many, Tls::v1_2, binary, true, Ending::terminate, all_stages(), 0},
        {many, Tls::v1_3, json, false, Ending::kill, {acknowledged, closed}, 0},
        {1, Tls::v1_3, binary, true, Ending::crash_piped, {acknowledged, cut_off}, 0},
        {1, Tls::v1_3, binary, false, Ending::crash, {acknowledged}, 0},
    };
  }
  std::vector<Scenario> all;
  for (unsigned number = 0; number < 16; ++number) {
    all.push_back({(number & 1) != 0 ? many : 1, (number & 2) != 0 ? Tls::v1_2 : Tls::v1_3, (number & 4) != 0 ? binary : json,
                   (number & 8) != 0, static_cast<Ending>(number % (ending_count - 1)), all_stages(), 0});
  }
  all.push_back({many, Tls::v1_3, binary, false, Ending::drain, {acknowledged, closed}, 10'000});
  all.push_back({many, Tls::v1_3, json, true, Ending::terminate, {acknowledged, closed}, 10'000});
  return all;
}

std::vector<std::string> without_chosen(std::vector<std::string> flags, std::span<const std::string> chosen) {
  std::erase_if(flags, [&](const std::string& flag) {
    return std::ranges::any_of(chosen, [&](const std::string& one) { return name_of_flag(one) == name_of_flag(flag); });
  });
  return flags;
}

}  // namespace lethe::audit
