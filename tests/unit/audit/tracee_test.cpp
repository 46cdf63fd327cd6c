// Against children of the test: one without a filter, one with.
#include "audit/probes/tracee.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/audit.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <functional>

namespace lethe::audit {
namespace {

// A child that has done `prepare` and then answers each byte with the next one, until its pipe closes.
class Child {
 public:
  explicit Child(const std::function<void()>& prepare) {
    std::array<int, 2> to{};
    std::array<int, 2> from{};
    if (::pipe2(to.data(), O_CLOEXEC) != 0 || ::pipe2(from.data(), O_CLOEXEC) != 0) throw std::runtime_error{"no pipes"};
    pid_ = ::fork();
    if (pid_ == 0) {
      ::close(to[1]);
      prepare();
      for (char byte = 0; ::read(to[0], &byte, 1) == 1;) {
        ++byte;
        if (::write(from[1], &byte, 1) != 1) break;
      }
      ::_exit(0);
    }
    ::close(to[0]);
    ::close(from[1]);
    to_ = to[1];
    from_ = from[0];
  }
  ~Child() {
    ::close(to_);
    ::close(from_);
    ::waitpid(pid_, nullptr, 0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const noexcept { return pid_; }
  bool answers() const {
    char byte = 'a';
    return ::write(to_, &byte, 1) == 1 && ::read(from_, &byte, 1) == 1 && byte == 'b';
  }

 private:
  pid_t pid_ = -1;
  int to_ = -1;
  int from_ = -1;
};

void forbid_opening() {
  std::array<sock_filter, 4> code{{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
                                   BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 1),
                                   BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
                                   BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)}};
  const sock_fprog program{code.size(), code.data()};
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) ::_exit(9);
}

class TraceeTest : public testing::Test {
 protected:
  void SetUp() override {
#if !defined(__x86_64__)
    GTEST_SKIP() << "SKIPPED: the tracer knows x86-64 only";
#endif
    if (::geteuid() != 0) GTEST_SKIP() << "SKIPPED: needs root, to read filters";
  }
};

TEST_F(TraceeTest, ReadsTheFilterThatAProcessHas) {
  const Child locked{forbid_opening};
  ASSERT_TRUE(locked.answers());
  const auto tracee = Tracee::seize(locked.pid());
  ASSERT_NE(tracee, nullptr);
  const auto filters = tracee->filters();
  ASSERT_TRUE(filters.has_value());
  ASSERT_EQ(filters->size(), 1U);
  EXPECT_FALSE(may_allow(*filters, AUDIT_ARCH_X86_64, SYS_openat));
  EXPECT_TRUE(may_allow(*filters, AUDIT_ARCH_X86_64, SYS_getpid));
}

TEST_F(TraceeTest, AProcessWithoutAFilterHasNone) {
  const Child open{[] {}};
  ASSERT_TRUE(open.answers());
  const auto tracee = Tracee::seize(open.pid());
  ASSERT_NE(tracee, nullptr);
  const auto filters = tracee->filters();
  ASSERT_TRUE(filters.has_value());
  EXPECT_TRUE(filters->empty());
}

TEST_F(TraceeTest, MakesCallsFromInsideAndTheProcessGoesOn) {
  const Child locked{forbid_opening};
  ASSERT_TRUE(locked.answers());
  {
    const auto tracee = Tracee::seize(locked.pid());
    ASSERT_NE(tracee, nullptr);
    EXPECT_EQ(tracee->call(SYS_getpid, {}), locked.pid());
    const std::uint64_t path = tracee->place("/dev/null");
    ASSERT_NE(path, 0U);
    EXPECT_EQ(tracee->call(SYS_openat, {static_cast<std::uint64_t>(AT_FDCWD), path, O_RDONLY, 0, 0, 0}), -EACCES);
    EXPECT_EQ(tracee->call(SYS_getpid, {}), locked.pid());
  }
  EXPECT_TRUE(locked.answers());
}

TEST_F(TraceeTest, SeesThatAnUnlockedProcessCanOpenFiles) {
  const Child open{[] {}};
  ASSERT_TRUE(open.answers());
  {
    const auto tracee = Tracee::seize(open.pid());
    ASSERT_NE(tracee, nullptr);
    const std::uint64_t path = tracee->place("/dev/null");
    const auto descriptor = tracee->call(SYS_openat, {static_cast<std::uint64_t>(AT_FDCWD), path, O_RDONLY, 0, 0, 0});
    ASSERT_TRUE(descriptor.has_value());
    EXPECT_GE(*descriptor, 0);
    EXPECT_EQ(tracee->call(SYS_close, {static_cast<std::uint64_t>(*descriptor), 0, 0, 0, 0, 0}), 0);
  }
  EXPECT_TRUE(open.answers());
}

}  // namespace
}  // namespace lethe::audit
