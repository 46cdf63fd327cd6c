#include "audit/probes/packet_capture.hpp"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace lethe::audit {
namespace {

constexpr std::size_t snap = 128;               // enough for the headers
constexpr int buffer_size = 64 << 20;
constexpr int poll_pause = 50;                  // milliseconds
constexpr std::size_t fixed_ipv6_header = 40;

std::uint16_t port_at(const std::uint8_t* at) { return static_cast<std::uint16_t>(at[0] << 8 | at[1]); }

bool has_ports(std::uint8_t protocol) { return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_SCTP; }

}  // namespace

bool PacketCapture::start() {
  // SOCK_DGRAM: packets begin with the network header, whatever the interface.
  socket_ = ::socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ETH_P_ALL));
  if (socket_ < 0) return false;
  (void)::setsockopt(socket_, SOL_SOCKET, SO_RCVBUFFORCE, &buffer_size, sizeof buffer_size);
  stopping_ = false;
  thread_ = std::thread{[this] { run(); }};
  return true;
}

void PacketCapture::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  if (socket_ < 0) return;
  (void)dropped();
  ::close(socket_);
  socket_ = -1;
}

void PacketCapture::run() {
  std::array<std::uint8_t, snap> packet{};
  for (;;) {
    pollfd ready{socket_, POLLIN, 0};
    if (::poll(&ready, 1, poll_pause) == 0) {
      if (stopping_) return;   // only once nothing more is waiting
      continue;
    }
    sockaddr_ll link{};
    socklen_t size = sizeof link;
    const ssize_t got = ::recvfrom(socket_, packet.data(), packet.size(), 0, reinterpret_cast<sockaddr*>(&link), &size);
    // On the loopback interface everything is seen twice, as it leaves and as it comes: once is enough.
    const bool again = link.sll_pkttype == PACKET_OUTGOING && link.sll_hatype == ARPHRD_LOOPBACK;
    if (got > 0 && !again) take(packet.data(), static_cast<std::size_t>(got), ntohs(link.sll_protocol));
  }
}

void PacketCapture::take(const std::uint8_t* packet, std::size_t size, std::uint16_t protocol) {
  Flow flow{255, 0, 0};
  std::size_t header = 0;
  if (protocol == ETH_P_IP && size >= 20) {
    flow.protocol = packet[9];
    header = static_cast<std::size_t>(packet[0] & 15) * 4;
  } else if (protocol == ETH_P_IPV6 && size >= fixed_ipv6_header) {
    flow.protocol = packet[6];
    header = fixed_ipv6_header;
  }
  if (has_ports(flow.protocol) && size >= header + 4) {
    flow.from = port_at(packet + header);
    flow.to = port_at(packet + header + 2);
  }
  const std::lock_guard guard{mutex_};
  ++flows_[flow];
}

std::map<Flow, std::uint64_t> PacketCapture::flows() const {
  const std::lock_guard guard{mutex_};
  return flows_;
}

std::uint64_t PacketCapture::dropped() const {
  tpacket_stats statistics{};
  socklen_t size = sizeof statistics;
  const std::lock_guard guard{mutex_};
  if (socket_ >= 0 && ::getsockopt(socket_, SOL_PACKET, PACKET_STATISTICS, &statistics, &size) == 0) dropped_ += statistics.tp_drops;
  return dropped_;
}

}  // namespace lethe::audit
