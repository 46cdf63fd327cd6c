#pragma once
// Records who talks to whom in the current network namespace: every IP packet on every interface, by packet(7), from `start`
// to `stop`. Payloads are not kept.
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

namespace lethe::audit {

// One direction of one conversation. Ports are 0 where the protocol has none.
struct Flow {
  std::uint8_t protocol = 0;     // IPPROTO_…; 255 for what isn't IP
  std::uint16_t from = 0;
  std::uint16_t to = 0;
  friend auto operator<=>(const Flow&, const Flow&) = default;
};

class PacketCapture {
 public:
  PacketCapture() = default;
  ~PacketCapture() { stop(); }
  PacketCapture(const PacketCapture&) = delete;
  PacketCapture& operator=(const PacketCapture&) = delete;

  // False, with errno, where the kernel doesn't let us (CAP_NET_RAW).
  bool start();
  void stop();
  // Packets by flow, so far.
  std::map<Flow, std::uint64_t> flows() const;
  // Packets that the kernel had to drop because we were too slow: what was not seen.
  std::uint64_t dropped() const;

 private:
  void run();
  void take(const std::uint8_t* packet, std::size_t size, std::uint16_t protocol);

  int socket_ = -1;
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::map<Flow, std::uint64_t> flows_;
  mutable std::uint64_t dropped_ = 0;
  std::thread thread_;
};

}  // namespace lethe::audit
