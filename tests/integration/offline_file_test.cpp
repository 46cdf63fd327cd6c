// The main job, end to end: a file for a device that is away, sent and received by lethe-cli, whose receiver is killed in the
// middle.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "support/relay_process.hpp"

namespace lethe::test {
namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

// A run of lethe-cli; its standard output goes to a file, so that no pipe can hold it up.
class Cli {
 public:
  Cli(const fs::path& home, std::vector<std::string> arguments) : output_{home / ("out-" + std::to_string(++runs_))} {
    arguments.insert(arguments.begin(), LETHE_CLI_PROGRAM);
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (posix_spawn(&pid_, LETHE_CLI_PROGRAM, &actions, nullptr, argv.data(), environ) != 0) pid_ = -1;
    posix_spawn_file_actions_destroy(&actions);
  }
  ~Cli() {
    if (pid_ > 0) kill();
  }
  Cli(const Cli&) = delete;
  Cli& operator=(const Cli&) = delete;

  int wait() {
    int status = 0;
    if (::waitpid(std::exchange(pid_, -1), &status, 0) < 0) return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  void kill() {
    ::kill(pid_, SIGKILL);
    wait();
  }
  std::string out() const {
    std::string text = content_of(output_);
    while (text.ends_with('\n')) text.pop_back();
    return text;
  }

 private:
  inline static int runs_ = 0;
  fs::path output_;
  pid_t pid_ = -1;
};

class OfflineFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "lethe-file-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    home_ = name;
  }
  void TearDown() override { fs::remove_all(home_); }

  std::string key() const { return home_ / "key"; }
  std::string address() const { return "localhost:" + std::to_string(relay_.port()); }
  std::vector<std::string> listening() const {
    return {"listen", "--relay", address(), "--pin", relay_.fingerprint(), "--key", key(), "--out", home_ / "received",
            "--count", "1", "--timeout", "120s"};
  }
  fs::path make_file(std::size_t size) const {
    std::mt19937_64 random{20};
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    const fs::path path = home_ / "package.deb";
    std::ofstream{path, std::ios::binary} << bytes;
    return path;
  }
  std::vector<fs::path> received() const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator{home_ / "received"}) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
    return files;
  }
  double acknowledged() const { return relay_.metric("lethe_messages_acknowledged_total"); }

  RelayProcess relay_;
  fs::path home_;
};

TEST_F(OfflineFile, ArrivesWholeAndOnceThoughItsReceiverIsKilledInTheMiddle) {
  ASSERT_EQ(Cli(home_, {"keygen", "--key", key()}).wait(), 0);
  Cli inviting{home_, {"invite", "--relay", address(), "--pin", relay_.fingerprint(), "--anonymous", "--key", key()}};
  ASSERT_EQ(inviting.wait(), 0);
  const fs::path file = make_file(20 * 1'024 * 1'024 + 4'321);

  ASSERT_EQ(Cli(home_, {"send", inviting.out(), file, "--anonymous", "--key", key()}).wait(), 0);
  const double parts = relay_.metric("lethe_queued_messages");
  EXPECT_GT(parts, 300);
  EXPECT_GE(relay_.metric("lethe_queued_bytes"), 20 * 1'024 * 1'024);

  Cli killed{home_, listening()};
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (acknowledged() < 20 && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(std::chrono::milliseconds{2});
  killed.kill();
  const double before = acknowledged();
  ASSERT_GE(before, 20);
  ASSERT_LT(before, parts) << "the kill came too late to be in the middle";
  EXPECT_TRUE(received().empty()) << "a file that is not whole has no name yet";

  ASSERT_EQ(Cli(home_, listening()).wait(), 0);
  const std::vector<fs::path> files = received();
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files.front().filename(), "package.deb");
  EXPECT_TRUE(content_of(files.front()) == content_of(file));
  EXPECT_TRUE(relay_.reaches("lethe_queued_messages", 0));
  EXPECT_EQ(relay_.metric("lethe_queued_bytes"), 0);
  EXPECT_EQ(acknowledged(), parts);
}

}  // namespace
}  // namespace lethe::test
