#pragma once
// A host on which there is nothing to find, for the checks' tests to spoil.
#include <ostream>

#include "doctor/checks.hpp"

namespace lethe::doctor {

inline void PrintTo(Severity severity, std::ostream* out) { *out << name(severity); }

inline ops::Config good_config() {
  ops::Config config;
  config.name = "relay.example.org";
  config.tls.certificate = "/etc/lethe/chain.pem";
  config.tls.key = "/etc/lethe/key.pem";
  return config;
}

inline Facts healthy() {
  Facts facts;
  facts.memory.swaps.emplace();
  facts.memory.total = ByteCount{16} << 30;
  facts.memory.overcommit = 0;
  facts.process.locked_limit = unlimited;
  facts.process.open_files = 110'000;
  facts.process.no_new_privileges = true;
  facts.process.filtered = true;
  facts.process.address_space = 64'000'000;
  facts.crash.core_pattern = "|/usr/lib/systemd/systemd-coredump %P";
  facts.crash.crash_kernel = false;
  facts.crash.can_hibernate = false;
  facts.kernel = {"6.1.0", 5, true, true, false};
  facts.certificate = CertificateFacts{.seconds_left = 60 * 86'400, .key_mode = 0600};
  facts.network = {4'096, 4'096, true, std::nullopt};
  facts.host.processors = 2;
  facts.host.synchronised = true;
  facts.host.clock_source = "tsc";
  facts.host.root_writable = false;
  return facts;
}

inline SwapArea disk() { return {"/dev/sda2", ByteCount{2} << 30, false, false}; }

}  // namespace lethe::doctor
