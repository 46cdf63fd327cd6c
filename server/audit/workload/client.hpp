#pragma once
// A session of the workload. It keeps the ledger while it reads, so that no delivery goes unchecked.
//
// A relay that does something else than the protocol says, or nothing at all, is a std::runtime_error.
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "audit/peer/wire_peer.hpp"
#include "audit/workload/device.hpp"
#include "audit/workload/ledger.hpp"

namespace lethe::audit {

// What a session does with what it is delivered.
enum class Acknowledging : std::uint8_t {
  never,        // keeps it in flight
  singly,       // by its number, at once
  together,     // up to the last one, some at a time
};

class Client {
 public:
  // The peer has not heard `hello`. Without a device it stays anonymous.
  Client(peer::WirePeer peer, std::optional<Device> device, Ledger& ledger);

  // Authenticates and hears `ready`; what waits in the mailbox follows.
  void authenticate(const peer::Json& mailbox = peer::Json::object());
  // Sends and hears `sent`. The number of recipients that accepted.
  std::int64_t post(const peer::Mail& mail);
  // The same in one WebSocket message of three fragments, with a ping in between that says this (at most 125 bytes).
  std::int64_t post_in_fragments(const peer::Mail& mail, std::string_view between);
  // The same in as few WebSocket messages as the encoding allows.
  void post_together(const std::vector<peer::Mail>& mails);
  // Sends what is expected to be answered by an error; its code.
  std::string post_badly(const peer::Mail& mail);

  // The next message of this type; what comes before is dealt with.
  peer::Heard await(std::string_view type);
  // Until so many deliveries or receipts have come since the session began.
  void await_deliveries(unsigned count);
  void await_receipts(unsigned count);
  // Everything that came and was not acknowledged.
  void acknowledge();
  // Everything said so far has been carried out.
  void settle();

  peer::WirePeer& wire() noexcept { return peer_; }
  const std::optional<Device>& device() const noexcept { return device_; }

  Acknowledging acknowledging = Acknowledging::together;

 private:
  struct Open {
    std::uint64_t seq;
    std::optional<MessageId> id;   // of a delivery
  };

  void write(const peer::Mail& mail);
  std::int64_t hear_sent(const peer::Mail& mail);
  void deal_with(const peer::Heard& heard);

  peer::WirePeer peer_;
  std::optional<Device> device_;
  Ledger* ledger_;
  std::vector<Open> open_;
  unsigned deliveries_ = 0;
  unsigned receipts_ = 0;
};

}  // namespace lethe::audit
