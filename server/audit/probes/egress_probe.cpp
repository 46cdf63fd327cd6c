#include "audit/probes/egress_probe.hpp"

#include <net/if.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "audit/probes/sockets_of.hpp"
#include "audit/probes/tls_conduct.hpp"

extern char** environ;

namespace lethe::audit {
namespace {

bool only_loopback() {
  struct if_nameindex* const interfaces = ::if_nameindex();
  if (interfaces == nullptr) return false;
  bool only = true;
  for (auto* it = interfaces; it->if_index != 0; ++it) only = only && std::strcmp(it->if_name, "lo") == 0;
  ::if_freenameindex(interfaces);
  return only;
}

// ip(8): false where it isn't there or says no.
bool ip(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "ip");
  arguments.push_back(nullptr);
  pid_t child = 0;
  int status = 0;
  if (::posix_spawnp(&child, "ip", nullptr, nullptr, const_cast<char**>(arguments.data()), environ) != 0) return false;
  return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// Every destination is this machine: what would leave is seen on the loopback interface, and nothing leaves.
bool route_the_world_here() {
  return ip({"route", "replace", "local", "default", "dev", "lo"}) && ip({"-6", "route", "replace", "local", "default", "dev", "lo"});
}

Finding about(Detector detector, Kind kind, std::string sentence, std::uint64_t count = 0) {
  return {detector, kind, {}, {}, std::move(sentence), count};
}

}  // namespace

void EgressProbe::arm(const Trial& trial, Launch& launch, Findings& findings) {
  if (trial.attached) {
    findings.push_back(about(Detector::packets, Kind::not_armed, "A running relay shares its network with others: only its sockets are looked at."));
    return;
  }
  if (!only_loopback()) findings.push_back(about(Detector::packets, Kind::not_armed, "There is no network namespace of our own."));
  else if (!route_the_world_here()) findings.push_back(about(Detector::packets, Kind::not_armed, "Routes can't be set (ip, of iproute2)."));
  else if (!capture_.start()) findings.push_back(about(Detector::packets, Kind::not_armed, std::string{"Packets can't be captured: "} + std::strerror(errno) + "."));
  else capturing_ = true;
  const std::string trouble = post_.open(launch.root);
  listening_ = trouble.empty();
  if (!listening_) findings.push_back(about(Detector::local_sockets, Kind::not_armed, "Of the local sockets: " + trouble + "."));
}

void EgressProbe::attach(const Trial&, const RelayProcess& relay, Findings&) {
  port_ = relay.port();
  admin_port_ = relay.admin_port();
}

void EgressProbe::observe(const Trial& trial, Phase phase, const RelayProcess& relay, Findings& findings) {
  if (phase != Phase::stopped) check_sockets(phase, relay, findings);
  if (phase == Phase::started && !trial.attached) check_tls(relay, findings);
}

void EgressProbe::check_sockets(Phase phase, const RelayProcess& relay, Findings& findings) const {
  for (const pid_t process : relay.pids()) {
    for (const HeldSocket& socket : sockets_of(process)) {
      const bool internet = socket.family == "tcp" || socket.family == "tcp6";
      const bool served = internet && (socket.local_port == port_ || (admin_port_ != 0 && socket.local_port == admin_port_));
      const bool gone = socket.family.empty() && phase != Phase::started;   // one that was closed by its peer as we read
      const bool pair = socket.family == "unix" && socket.path.empty();
      if (served || pair || gone) continue;
      findings.push_back({Detector::local_sockets, Kind::detection, phase, "process " + std::to_string(process),
                          "It holds a socket that none of its ports explains (" + (socket.family.empty() ? "unknown kind" : socket.family) + ").", 1});
    }
  }
}

void EgressProbe::check_tls(const RelayProcess& relay, Findings& findings) const {
  const auto conduct = conduct_of(relay.port(), 0);
  if (!conduct) {
    findings.push_back(about(Detector::tls, Kind::not_armed, "No TLS connection came about."));
    return;
  }
  const auto report = [&](std::string sentence) { findings.push_back(about(Detector::tls, Kind::detection, std::move(sentence), 1)); };
  if (conduct->tickets > 0) report("Sessions are handed out that can be resumed.");
  if (conduct->resumed) report("A session was resumed.");
  if (conduct->extensions) report("A WebSocket extension was negotiated.");
  if (conduct->tickets == 0 && !conduct->resumed && !conduct->extensions) {
    findings.push_back(about(Detector::tls, Kind::clean, "No ticket, no resumption, no compression."));
  }
}

void EgressProbe::judge_flows(Findings& findings) const {
  std::uint64_t served = 0;
  std::uint64_t strange = 0;
  for (const auto& [flow, packets] : capture_.flows()) {
    const auto ours = [this](std::uint16_t port) { return port != 0 && (port == port_ || port == admin_port_); };
    if (flow.protocol == IPPROTO_TCP && (ours(flow.from) || ours(flow.to))) {
      served += packets;
      continue;
    }
    strange += packets;
    findings.push_back({Detector::packets, Kind::detection, {}, "protocol " + std::to_string(flow.protocol) + ", port " + std::to_string(flow.to),
                        "Packets that belong to none of its ports.", packets});
  }
  const std::uint64_t dropped = capture_.dropped();
  if (dropped > 0) findings.push_back(about(Detector::packets, Kind::not_armed, "The capture was too slow and missed packets.", dropped));
  if (served == 0) findings.push_back(about(Detector::packets, Kind::missing, "Not even the clients' own packets were seen."));
  if (strange == 0 && served > 0) findings.push_back(about(Detector::packets, Kind::clean, "Every packet was to or from the listening ports.", served));
}

void EgressProbe::conclude(const Trial&, Findings& findings) {
  if (capturing_) {
    capture_.stop();
    judge_flows(findings);
  }
  if (!listening_) return;
  const std::uint64_t received = post_.received();
  post_.close();
  if (received > 0) findings.push_back(about(Detector::local_sockets, Kind::detection, "Messages came to the system log or an abstract socket.", received));
  else findings.push_back(about(Detector::local_sockets, Kind::clean, "The fake system log and the abstract socket stayed silent."));
}

}  // namespace lethe::audit
