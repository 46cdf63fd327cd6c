#pragma once
// P5, what leaves by the network or local sockets: a capture in the auditor's own network namespace (where every address in the
// world is routed to the loopback interface, so that an attempt to reach it is seen), fake system logs, the table of the
// relay's sockets, and how it conducts TLS.
#include "audit/probes/listening_post.hpp"
#include "audit/probes/packet_capture.hpp"
#include "audit/probes/probe.hpp"

namespace lethe::audit {

class EgressProbe final : public Probe {
 public:
  ProbeId id() const noexcept override { return ProbeId::egress; }
  void arm(const Trial& trial, Launch& launch, Findings& findings) override;
  void attach(const Trial& trial, const RelayProcess& relay, Findings& findings) override;
  void observe(const Trial& trial, Phase phase, const RelayProcess& relay, Findings& findings) override;
  void conclude(const Trial& trial, Findings& findings) override;

 private:
  void check_sockets(Phase phase, const RelayProcess& relay, Findings& findings) const;
  void check_tls(const RelayProcess& relay, Findings& findings) const;
  void judge_flows(Findings& findings) const;

  PacketCapture capture_;
  ListeningPost post_;
  bool capturing_ = false;
  bool listening_ = false;
  std::uint16_t port_ = 0;
  std::uint16_t admin_port_ = 0;
};

}  // namespace lethe::audit
