// What a sealed process must still be able to do: all that the relay does while it serves.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "lockdown/descriptors.hpp"
#include "lockdown/kernel.hpp"
#include "unit/lockdown/confined/child.hpp"
#include "unit/lockdown/confined/confined.hpp"

namespace lethe::lockdown {
namespace {

// Everything an event loop has, made before the confinement.
struct Loop {
  int poll = ::epoll_create1(EPOLL_CLOEXEC);
  int event = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  int timer = ::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
  int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int peer = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);   // a client, for the test alone
  int signals[2] = {-1, -1};

  Loop() {
    (void)!::pipe2(signals, O_CLOEXEC);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    ::bind(listener, plain, size);
    ::listen(listener, 1);
    ::getsockname(listener, plain, &size);
    ::connect(peer, plain, size);
  }
};

// The number of the first thing in the list that fails; 0: none.
int first_failure(const std::vector<std::function<bool()>>& all) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!all[i]()) return static_cast<int>(i) + 1;
  }
  return 0;
}

template <class Work>
int while_sealed(const Work& work) {
  const auto end = in_child([&] {
    Loop loop;
    const Confinement wanted = confinement(loop_descriptors(open_descriptors().value()));
    return confine_and_seal(wanted).held ? first_failure(work(loop)) : -1;
  });
  return end.report.value_or(-1000 - end.signal);
}

TEST(SealedProcess, ServesConnections) {
  EXPECT_EQ(while_sealed([](Loop& loop) -> std::vector<std::function<bool()>> {
    static int peer = -1;
    static char bytes[8];
    return {
        [&] { return (peer = ::accept(loop.listener, nullptr, nullptr)) >= 0; },
        [] { int on = 1; return ::ioctl(peer, FIONBIO, &on) == 0; },
        [] { int on = 1; return ::setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0; },
        [] { int error = 0; socklen_t size = sizeof error; return ::getsockopt(peer, SOL_SOCKET, SO_ERROR, &error, &size) == 0; },
        [] { sockaddr_storage at{}; socklen_t size = sizeof at; return ::getpeername(peer, reinterpret_cast<sockaddr*>(&at), &size) == 0; },
        [&] { epoll_event wanted{EPOLLIN, {}}; return ::epoll_ctl(loop.poll, EPOLL_CTL_ADD, peer, &wanted) == 0; },
        [&] { return ::send(loop.peer, "hello", 5, MSG_NOSIGNAL) == 5; },
        [&] { epoll_event got{}; return ::epoll_wait(loop.poll, &got, 1, -1) == 1; },
        [] { return ::recv(peer, bytes, sizeof bytes, MSG_DONTWAIT) == 5; },
        [] { return ::send(peer, "answer", 6, MSG_NOSIGNAL | MSG_DONTWAIT) == 6; },
        [&] {
          iovec part{bytes, sizeof bytes};
          msghdr message{};
          message.msg_iov = &part;
          message.msg_iovlen = 1;
          return ::recvmsg(loop.peer, &message, 0) == 6;
        },
        [] {
          iovec part{bytes, 3};
          msghdr message{};
          message.msg_iov = &part;
          message.msg_iovlen = 1;
          return ::sendmsg(peer, &message, MSG_NOSIGNAL) == 3;
        },
        [] { return ::shutdown(peer, SHUT_RDWR) == 0 && ::close(peer) == 0; },
    };
  }), 0);
}

TEST(SealedProcess, TurnsItsEventLoop) {
  EXPECT_EQ(while_sealed([](Loop& loop) -> std::vector<std::function<bool()>> {
    return {
        [&] { const std::uint64_t one = 1; return ::write(loop.event, &one, sizeof one) == sizeof one; },
        [&] { std::uint64_t got = 0; return ::read(loop.event, &got, sizeof got) == sizeof got && got == 1; },
        [&] { const itimerspec soon{{}, {0, 1}}; return ::timerfd_settime(loop.timer, 0, &soon, nullptr) == 0; },
        [&] { std::uint64_t got = 0; return ::read(loop.timer, &got, sizeof got) == sizeof got; },
        [&] { const int signal = SIGTERM; return ::write(loop.signals[1], &signal, sizeof signal) == sizeof signal; },
        [&] { int got = 0; return ::read(loop.signals[0], &got, sizeof got) == sizeof got && got == SIGTERM; },
        [] { struct sigaction old{}; return ::sigaction(SIGTERM, nullptr, &old) == 0; },
        [] { timespec now{}; return ::clock_gettime(CLOCK_REALTIME, &now) == 0; },
        [] { std::this_thread::yield(); return std::thread::hardware_concurrency() > 0; },
    };
  }), 0);
}

TEST(SealedProcess, UsesMemory) {
  EXPECT_EQ(while_sealed([](Loop&) -> std::vector<std::function<bool()>> {
    static char* block = nullptr;
    static void* pages = nullptr;
    constexpr std::size_t size = 1 << 20;
    return {
        [] { block = static_cast<char*>(std::malloc(size)); return block != nullptr; },
        [] { block = static_cast<char*>(std::realloc(block, 8 * size)); return block != nullptr; },
        [] { std::memset(block, 1, 8 * size); std::free(block); return true; },
        [] {
          std::vector<void*> small;
          for (int i = 0; i < 10'000; ++i) small.push_back(std::malloc(512));
          for (void* const one : small) std::free(one);
          return true;
        },
        [] {
          pages = ::mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
          return pages != MAP_FAILED && ::mprotect(pages, size, PROT_READ | PROT_WRITE) == 0;
        },
        [] { return ::mlock2(pages, 4'096, MLOCK_ONFAULT) == 0 && ::madvise(pages, 4'096, MADV_DONTNEED_LOCKED) == 0; },
        [] { return ::munlock(pages, 4'096) == 0 && ::madvise(pages, 4'096, MADV_DONTNEED) == 0; },
        [] { return ::munmap(pages, size) == 0; },
        [] { char random[16]; return ::getrandom(random, sizeof random, 0) == sizeof random; },
    };
  }), 0);
}

// The signal comes from outside, as a service manager's does; the handler passes its number on, as Asio's.
TEST(SealedProcess, StillHearsSigterm) {
  static int wake_up = -1;
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = fork_child();
  if (child == 0) {
    Loop loop;
    wake_up = loop.signals[1];
    struct sigaction action{};
    action.sa_handler = [](int signal) { (void)!::write(wake_up, &signal, sizeof signal); };
    ::sigaction(SIGTERM, &action, nullptr);
    Confinement wanted = confinement({{loop.signals[1], sizeof(int)}, {ready[1], 1}});
    wanted.strict = false;   // the parent's descriptors are open
    ::close(ready[0]);
    if (!confine_and_seal(wanted).protections.self_test || ::write(ready[1], "", 1) != 1) _exit(1);
    int got = 0;
    while (::read(loop.signals[0], &got, sizeof got) < 0 && errno == EINTR) {
    }
    _exit(got);
  }
  ::close(ready[1]);
  char byte = 1;
  EXPECT_EQ(::read(ready[0], &byte, 1), 1);
  ::close(ready[0]);
  ::kill(child, SIGTERM);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), SIGTERM);
}

}  // namespace
}  // namespace lethe::lockdown
