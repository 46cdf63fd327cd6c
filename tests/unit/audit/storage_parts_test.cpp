// The parts of P2 on real file systems of their own: what they must see, and that they see nothing else.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "audit/probes/device_scan.hpp"
#include "audit/probes/file_events.hpp"
#include "audit/probes/swap_watch.hpp"
#include "audit/probes/tree_snapshot.hpp"
#include "audit/probes/watched_disk.hpp"
#include "support/own_memory.hpp"

namespace lethe::audit {
namespace {

namespace fs = std::filesystem;

// Each test in a child with a mount namespace of its own, so that nothing it mounts is left behind.
class StorageParts : public testing::Test {
 protected:
  template <class Work>
  static void in_own_mounts(Work work) {
    if (::geteuid() != 0) GTEST_SKIP() << "SKIPPED: needs root, for mounts and fanotify";
    const pid_t child = ::fork();
    if (child == 0) {
      const bool alone = ::unshare(CLONE_NEWNS) == 0 && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                         ::mount("tmpfs", "/mnt", "tmpfs", 0, nullptr) == 0;
      if (alone) work("/mnt");
      else ADD_FAILURE() << "no mount namespace";
      ::_exit(HasFailure() ? 1 : 0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0) << "see the failures above";
  }
  // As somebody else would: events of the test itself are left out.
  static void in_other_process(const std::string& command) { EXPECT_EQ(std::system(command.c_str()), 0) << command; }
};

TEST_F(StorageParts, WhatIsWrittenAnywhereLandsOnTheDisk) {
  in_own_mounts([](const std::string& directory) {
    std::string trouble;
    const auto disk = WatchedDisk::make(directory, "/", trouble);
    ASSERT_NE(disk, nullptr) << trouble;
    const TreeSnapshot before = TreeSnapshot::of(disk->written());
    EXPECT_TRUE(before.changes(TreeSnapshot::of(disk->written())).empty());
    in_other_process("chroot " + disk->root() + " sh -c 'echo leak > /var/leak'");
    const auto changes = before.changes(TreeSnapshot::of(disk->written()));
    EXPECT_NE(std::ranges::find(changes, "/var/leak: new"), changes.end());
    EXPECT_FALSE(fs::exists("/var/leak"));
  });
}

TEST_F(StorageParts, EventsNameTheProcessTheDirectoryAndTheFile) {
  in_own_mounts([](const std::string& directory) {
    std::string trouble;
    const auto disk = WatchedDisk::make(directory, "/", trouble);
    ASSERT_NE(disk, nullptr) << trouble;
    FileEvents events;
    ASSERT_TRUE(events.watch(disk->root()));
    EXPECT_TRUE(events.take().empty());
    in_other_process("chroot " + disk->root() + " sh -c 'echo leak > /tmp/leak; rm /tmp/leak'");
    const auto seen = events.take();
    const auto leak = std::ranges::find_if(seen, [](const FileEvent& event) { return event.name == "leak" && words_for(event.kinds).find("written") != std::string::npos; });
    ASSERT_NE(leak, seen.end());
    EXPECT_EQ(leak->directory, disk->root() + "/tmp");
    EXPECT_FALSE(events.overflowed());
  });
}

TEST_F(StorageParts, TheDeviceStillHoldsWhatWasRemoved) {
  in_own_mounts([](const std::string& directory) {
    std::string trouble;
    const auto disk = WatchedDisk::make(directory, "/", trouble);
    ASSERT_NE(disk, nullptr) << trouble;
    Canaries canaries{7, 1};
    const auto payload = canaries.payload(4'096);
    const Search search{canaries};
    disk->sync();
    auto content = scan_device(disk->device(), search);
    ASSERT_TRUE(content.has_value());
    EXPECT_TRUE(content->hits.empty());
    EXPECT_EQ(content->bytes, 64U << 20);
    const std::string path = disk->root() + "/tmp/removed";
    const int file = ::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    ASSERT_EQ(::write(file, payload.data(), payload.size()), 4'096);
    ::fsync(file);
    ::close(file);
    ::unlink(path.c_str());
    disk->sync();
    content = scan_device(disk->device(), search);
    ASSERT_TRUE(content.has_value());
    EXPECT_FALSE(content->hits.empty());
  });
}

TEST_F(StorageParts, ASnapshotSeesNamesTimesAttributesAndContents) {
  in_own_mounts([](const std::string& directory) {
    fs::create_directories(directory + "/a");
    std::ofstream{directory + "/a/file"} << "one";
    const TreeSnapshot before = TreeSnapshot::of(directory);
    EXPECT_TRUE(before.changes(TreeSnapshot::of(directory)).empty());
    ASSERT_EQ(::setxattr((directory + "/a").c_str(), "user.leak", "x", 1, 0), 0);
    EXPECT_EQ(before.changes(TreeSnapshot::of(directory)), std::vector<std::string>{"/a: changed"});
    ASSERT_EQ(::removexattr((directory + "/a").c_str(), "user.leak"), 0);
    const timespec times[2] = {{0, UTIME_OMIT}, {12'345, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, (directory + "/a/file").c_str(), times, 0), 0);
    EXPECT_EQ(before.changes(TreeSnapshot::of(directory)), std::vector<std::string>{"/a/file: changed"});
    fs::remove(directory + "/a/file");
    const auto changes = before.changes(TreeSnapshot::of(directory));
    EXPECT_NE(std::ranges::find(changes, "/a/file: gone"), changes.end());
  });
}

constexpr std::size_t marked_size = 8'192;

// A process that has marked two fresh pages on one processor when this returns, and then does nothing. 0 where it can't.
pid_t mark_pages(const test::MemoryMark& mark, int processor) {
  int done[2];
  if (::pipe(done) != 0) return 0;
  const pid_t child = ::fork();
  if (child == 0) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(processor, &one);
    void* const pages = ::mmap(nullptr, marked_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (::sched_setaffinity(0, sizeof one, &one) != 0 || pages == MAP_FAILED) ::_exit(1);
    mark.write({static_cast<std::uint8_t*>(pages), marked_size});
    if (::write(done[1], "1", 1) != 1) ::_exit(1);
    while (true) ::pause();
  }
  ::close(done[1]);
  char word = 0;
  const bool marked = ::read(done[0], &word, 1) == 1;
  ::close(done[0]);
  return marked ? child : 0;
}

// How often the mark stands in the file behind the swap device.
std::size_t marks_in(const std::string& image, const test::MemoryMark& mark) {
  std::string bytes(test::MemoryMark::size, '\0');
  mark.write({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
  std::ifstream file{image, std::ios::binary};
  const std::string all{std::istreambuf_iterator<char>{file}, {}};
  std::size_t found = 0;
  for (std::size_t at = all.find(bytes); at != all.npos; at = all.find(bytes, at + bytes.size())) ++found;
  return found;
}

// What a processor touched last stands in a list of its own until that processor empties it (SwapWatch::force_out). The mark is
// nowhere but in those pages: what the child shares with this process goes to the device, too.
TEST_F(StorageParts, MemoryIsSwappedOutWhicheverProcessorTouchedItLast) {
  in_own_mounts([](const std::string& directory) {
    cpu_set_t processors;
    ASSERT_EQ(::sched_getaffinity(0, sizeof processors, &processors), 0);
    for (int processor = 0; processor < CPU_SETSIZE; ++processor) {
      if (!CPU_ISSET(processor, &processors)) continue;
      SwapWatch swap;
      ASSERT_EQ(swap.open(directory), "");
      const test::MemoryMark mark;
      const pid_t child = mark_pages(mark, processor);
      ASSERT_GT(child, 0);
      EXPECT_GT(swap.force_out(child), 0U);
      EXPECT_EQ(marks_in(directory + "/swap.image", mark), marked_size / test::MemoryMark::size) << "processor " << processor;
      ::kill(child, SIGKILL);
      ::waitpid(child, nullptr, 0);
    }
  });
}

}  // namespace
}  // namespace lethe::audit
