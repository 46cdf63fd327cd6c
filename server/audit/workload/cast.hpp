#pragma once
// Makes the devices, sessions and messages of a workload, each with canaries of its own: keys, message ids, invites, topics, client
// addresses 127.77.x.y and user agents, besides the payloads.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/canary/canaries.hpp"
#include "audit/workload/client.hpp"
#include "audit/workload/scenario.hpp"

namespace lethe::audit {

class Cast {
 public:
  // Reads the relay's page. Throws std::runtime_error where there is none.
  Cast(const Scenario& scenario, Canaries& canaries, Ledger& ledger, std::uint16_t port);

  Device device();
  // A greeted session; `encoding` absent: the scenario's.
  Client connect(const std::optional<Device>& device, std::optional<peer::Encoding> encoding = {});
  // One between which and the relay little is under way: what its client doesn't read waits in the relay.
  Client connect_narrowly(const Device& device, peer::Encoding encoding);
  // An authenticated one, with its backlog still to come.
  Client enter(const Device& device, std::optional<peer::Encoding> encoding = {});
  // The other one than the scenario's.
  peer::Encoding other_encoding() const noexcept;

  // A message with canaries in payload and id. `marked` false: not in its id (each makes the search slower).
  peer::Mail mail(const Device& to, std::size_t size, bool marked = true);
  // One without any, that may stay where a canary may not.
  peer::Mail plain_mail(const Device& to, std::size_t size);
  std::string payload(std::size_t size);
  std::string topic();

  // 1 byte to the relay's limit.
  std::vector<std::size_t> sizes() const;
  std::size_t payload_limit() const noexcept { return payload_limit_; }
  std::size_t recipient_limit() const noexcept { return recipient_limit_; }
  std::uint16_t port() const noexcept { return port_; }
  const std::string& well_known() const noexcept { return well_known_; }
  // Field lines for a request by hand, with a user agent of its own.
  std::string request_fields();
  // With taps for ciphertext and keys: the connection must not outlive the cast.
  peer::TlsSettings tls();
  // To be called when every session so far has ended: from now on, their keys are looked for.
  void mark_keys();

 private:
  Client greeted(peer::TlsSettings settings, const std::optional<Device>& device, peer::Encoding encoding);
  std::string random_text(std::size_t size);
  std::uint32_t source();
  void mark_ciphertext(std::span<const std::uint8_t> bytes);

  const Scenario& scenario_;
  Canaries& canaries_;
  Ledger& ledger_;
  std::uint16_t port_;
  std::string well_known_;
  std::size_t payload_limit_ = 0;
  std::size_t recipient_limit_ = 0;
  std::uint32_t sources_ = 0;
  std::size_t ciphertexts_ = 0;
  std::vector<std::vector<std::uint8_t>> keys_;
};

}  // namespace lethe::audit
