#include "lockdown/descriptors.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lethe::lockdown {
namespace {

// Closes what a test opened.
class Opened {
 public:
  explicit Opened(int number) : number_{number} {}
  ~Opened() { ::close(number_); }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

Descriptor described(const Opened& opened) {
  const auto all = open_descriptors().value();
  const auto found = std::ranges::find(all, opened.number(), &Descriptor::number);
  return found == all.end() ? Descriptor{-1, DescriptorKind::other, false, false, 0} : *found;
}

TEST(Descriptors, AreNamedByTheirKind) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const Opened pipe_in{ends[0]};
  const Opened pipe_out{ends[1]};
  EXPECT_EQ(described(Opened{::socket(AF_INET, SOCK_STREAM, 0)}).kind, DescriptorKind::socket);
  EXPECT_EQ(described(Opened{::eventfd(0, 0)}).kind, DescriptorKind::event);
  EXPECT_EQ(described(Opened{::timerfd_create(CLOCK_MONOTONIC, 0)}).kind, DescriptorKind::timer);
  EXPECT_EQ(described(Opened{::epoll_create1(0)}).kind, DescriptorKind::poll);
  EXPECT_EQ(described(Opened{::memfd_create("a", 0)}).kind, DescriptorKind::memory);
  EXPECT_EQ(described(Opened{::open("/dev/null", O_RDWR)}).kind, DescriptorKind::null);
  EXPECT_EQ(described(Opened{::open("/dev/zero", O_RDONLY)}).kind, DescriptorKind::file);
  EXPECT_EQ(described(Opened{::open("/", O_RDONLY)}).kind, DescriptorKind::file);
  EXPECT_EQ(described(Opened{::open("/tmp", O_TMPFILE | O_RDWR, 0600)}).kind, DescriptorKind::file);
  EXPECT_EQ(described(pipe_in).kind, DescriptorKind::pipe);
  EXPECT_EQ(described(pipe_in).object, described(pipe_out).object);
  EXPECT_TRUE(described(pipe_in).readable && !described(pipe_in).writable);
  EXPECT_TRUE(described(pipe_out).writable && !described(pipe_out).readable);
}

TEST(Descriptors, KnowSecretMemory) {
  const auto secret = static_cast<int>(::syscall(SYS_memfd_secret, 0));
  if (secret < 0) GTEST_SKIP() << "this kernel has no secret memory";
  EXPECT_EQ(described(Opened{secret}).kind, DescriptorKind::memory);
}

TEST(Descriptors, ComeInOrderWithoutTheOneThatLooks) {
  const auto first = open_descriptors().value();
  const auto second = open_descriptors().value();
  EXPECT_TRUE(std::ranges::is_sorted(first, {}, &Descriptor::number));
  EXPECT_EQ(first.size(), second.size());
  for (const Descriptor& one : first) EXPECT_GE(::fcntl(one.number, F_GETFD), 0) << one.number;
}

TEST(Descriptors, OfAnEventLoopAreThoseThatItWrites) {
  const std::vector<Descriptor> all{
      {1, DescriptorKind::pipe, false, true, 70},      // a log: its reader is another process
      {3, DescriptorKind::socket, true, true, 71},
      {4, DescriptorKind::event, true, true, 1},
      {5, DescriptorKind::timer, true, true, 1},
      {6, DescriptorKind::poll, true, true, 1},
      {7, DescriptorKind::pipe, true, false, 72},      // both ends of a signal pipe
      {8, DescriptorKind::pipe, false, true, 72},
      {9, DescriptorKind::event, true, true, 1},
      {10, DescriptorKind::pipe, true, false, 73},     // another process writes here
  };
  EXPECT_THAT(loop_descriptors(all), ::testing::ElementsAre(Writable{4, 8}, Writable{8, 4}, Writable{9, 8}));
}

TEST(Descriptors, TellWhetherAFileIsOpen) {
  const Descriptor terminal{0, DescriptorKind::file, true, true, 1};
  const Descriptor file{5, DescriptorKind::file, true, false, 2};
  const Descriptor memory{6, DescriptorKind::memory, true, true, 3};
  const Descriptor socket{7, DescriptorKind::socket, true, true, 4};
  EXPECT_FALSE(any_file({}));
  EXPECT_FALSE(any_file(std::array{terminal, socket}));
  EXPECT_TRUE(any_file(std::array{terminal, file}));
  EXPECT_TRUE(any_file(std::array{memory, socket}));
}

}  // namespace
}  // namespace lethe::lockdown
