// The parts of P5 in network namespaces of their own: what they must see, and what must leave them silent.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>
#include <thread>

#include "audit/probes/listening_post.hpp"
#include "audit/probes/packet_capture.hpp"
#include "audit/probes/sockets_of.hpp"

namespace lethe::audit {
namespace {

// Runs on a thread that has a network namespace of its own, with its loopback interface up.
template <class Work>
void in_own_network(Work work) {
  std::thread{[&] {
    ASSERT_EQ(::unshare(CLONE_NEWNET), 0) << std::strerror(errno);
    const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ifreq request{};
    std::strcpy(request.ifr_name, "lo");
    request.ifr_flags = IFF_UP;
    ASSERT_EQ(::ioctl(socket, SIOCSIFFLAGS, &request), 0);
    ::close(socket);
    work();
  }}.join();
}

void send_datagram(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::sendto(socket, "x", 1, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to), 1);
  ::close(socket);
}

class EgressParts : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "SKIPPED: needs root, for namespaces and captures";
  }
};

TEST_F(EgressParts, TheCaptureSeesADatagramOnceAndItsPort) {
  in_own_network([] {
    PacketCapture capture;
    ASSERT_TRUE(capture.start());
    send_datagram(4'711);
    capture.stop();
    std::uint64_t seen = 0;
    for (const auto& [flow, packets] : capture.flows()) seen += flow.protocol == IPPROTO_UDP && flow.to == 4'711 ? packets : 0;
    EXPECT_EQ(seen, 1U);
    EXPECT_EQ(capture.dropped(), 0U);
  });
}

TEST_F(EgressParts, TheCaptureOfASilentNetworkIsEmpty) {
  in_own_network([] {
    PacketCapture capture;
    ASSERT_TRUE(capture.start());
    capture.stop();
    EXPECT_TRUE(capture.flows().empty());
  });
}

TEST_F(EgressParts, TheAbstractSocketCountsWhatComes) {
  in_own_network([] {
    ListeningPost post;
    const std::string trouble = post.open({});
    EXPECT_EQ(post.received(), 0U);
    const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    std::strcpy(to.sun_path + 1, ListeningPost::abstract_name);
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + std::strlen(ListeningPost::abstract_name));
    ASSERT_EQ(::sendto(socket, "x", 1, 0, reinterpret_cast<const sockaddr*>(&to), size), 1) << trouble;
    ::close(socket);
    EXPECT_EQ(post.received(), 1U);
  });
}

TEST_F(EgressParts, TheTableOfSocketsNamesFamilyAndPort) {
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in any{};
  any.sin_family = AF_INET;
  any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&any), sizeof any), 0);
  socklen_t size = sizeof any;
  ASSERT_EQ(::getsockname(socket, reinterpret_cast<sockaddr*>(&any), &size), 0);
  bool found = false;
  for (const HeldSocket& held : sockets_of(::getpid())) found = found || (held.family == "udp" && held.local_port == ntohs(any.sin_port));
  ::close(socket);
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace lethe::audit
