#include "ops/output_queue.hpp"

#include <sys/mman.h>
#include <sys/resource.h>

#include <csignal>

#include <gtest/gtest.h>

#include "unit/ops/pipe.hpp"

namespace lethe::ops {
namespace {

class Output : public testing::Test {
 protected:
  void SetUp() override { std::signal(SIGPIPE, SIG_IGN); }
};

TEST_F(Output, WritesLinesInTheirOrder) {
  const test::Pipe pipe;
  OutputQueue queue{pipe.out.get()};
  queue.add("one\n");
  queue.add("two\n");
  EXPECT_FALSE(queue.empty());
  queue.flush();
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(pipe.take(), "one\ntwo\n");
}

TEST_F(Output, DoesNotWaitForAPipeThatNobodyReads) {
  const test::Pipe pipe;
  ::fcntl(pipe.out.get(), F_SETFL, 0);   // blocking, as a standard output is
  const std::string line(1'000, 'x');
  OutputQueue queue{pipe.out.get()};
  for (std::size_t i = 0; i < OutputQueue::enough; ++i) queue.add(line + "\n");
  EXPECT_TRUE(queue.full());
  queue.flush();   // 64 KiB go in
  EXPECT_FALSE(queue.empty());
  std::string all;
  while (!queue.empty()) {
    all += pipe.take();
    queue.flush();
  }
  all += pipe.take();
  EXPECT_EQ(all.size(), OutputQueue::enough * 1'001);
}

TEST_F(Output, LosesTheNewestWhereTooManyWaitAndSaysHowMany) {
  const test::Pipe pipe;
  pipe.fill();
  OutputQueue queue{pipe.out.get()};
  for (std::size_t i = 0; i < 2 * OutputQueue::enough + 7; ++i) queue.add(std::to_string(i) + "\n");
  queue.flush();
  EXPECT_EQ(queue.take_lost(), 0U);   // not while nothing can be written
  pipe.take();
  queue.flush();
  EXPECT_TRUE(pipe.take().ends_with("\n511\n"));
  EXPECT_EQ(queue.take_lost(), 7U);
  EXPECT_EQ(queue.take_lost(), 0U);
}

TEST_F(Output, GoesOnWhereNobodyIsLeftToRead) {
  test::Pipe pipe;
  pipe.in.reset();
  OutputQueue queue{pipe.out.get()};
  for (int i = 0; i < 5; ++i) queue.add("line\n");
  queue.flush();
  EXPECT_TRUE(queue.empty());
  EXPECT_FALSE(queue.stuck());
}

TEST_F(Output, GoesOnWhereTheDiskIsFull) {
  const Descriptor full{::open("/dev/full", O_WRONLY | O_CLOEXEC)};
  ASSERT_GE(full.get(), 0);
  OutputQueue queue{full.get()};
  queue.add("line\n");
  queue.flush();
  EXPECT_TRUE(queue.empty());
}

// A limit on the file's size stands for the disk: it takes half a line.
TEST_F(Output, FinishesALineThatTheDiskTookHalfOf) {
  std::signal(SIGXFSZ, SIG_IGN);
  const Descriptor file{::memfd_create("output", MFD_CLOEXEC)};
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{6, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  OutputQueue queue{file.get()};
  queue.add("one\n");
  queue.add("two\n");
  queue.add("three\n");
  queue.flush();
  EXPECT_TRUE(queue.stuck());
  EXPECT_EQ(::lseek(file.get(), 0, SEEK_END), 6);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  queue.flush();
  EXPECT_FALSE(queue.stuck());
  EXPECT_TRUE(queue.empty());
  char text[32]{};
  ASSERT_GT(::pread(file.get(), text, sizeof text, 0), 0);
  EXPECT_STREQ(text, "one\ntwo\nthree\n");
}

}  // namespace
}  // namespace lethe::ops
