#include "audit/probes/second_lines.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace lethe::audit {
namespace {

// From linux/prctl.h and linux/landlock.h: Debian 12's headers are older than what kernels can.
constexpr int pr_get_mdwe = 66;
constexpr int pr_get_memory_merge = 68;
constexpr long landlock_create_ruleset = 444;
constexpr long ask_for_version = 1;

int asked_here(int question) { return ::prctl(question, 0, 0, 0, 0); }

class Attempt {
 public:
  explicit Attempt(Tracee& tracee) : tracee_{tracee} {}

  // Landlock must refuse it; a descriptor that comes of it is closed.
  void refused(const char* what, long number, std::array<std::uint64_t, 6> arguments) {
    ++lines_.tried;
    const long result = tracee_.call(number, arguments).value_or(-ESRCH);
    if (result >= 0 && number == SYS_openat) close(result);
    if (result == -EACCES) return;
    lines_.broken.push_back(std::string{"Without the filter, "} + what + (result >= 0 ? " succeeds" : ": ") +
                            (result >= 0 ? "" : std::strerror(static_cast<int>(-result))) + ".");
  }
  void is(const char* what, int question, long wanted) {
    if (asked_here(question) < 0) return;   // this kernel doesn't know it
    ++lines_.tried;
    const long result = tracee_.call(SYS_prctl, {static_cast<std::uint64_t>(question)}).value_or(-ESRCH);
    if (result != wanted) lines_.broken.push_back(std::string{what} + ".");
  }
  void files() {
    if (::syscall(landlock_create_ruleset, nullptr, 0, ask_for_version) < 1) return;
    const std::uint64_t path = tracee_.place("/");
    refused("opening a directory", SYS_openat, {static_cast<std::uint64_t>(AT_FDCWD), path, O_RDONLY | O_DIRECTORY | O_CLOEXEC});
  }
  void connections() {
    constexpr long first_with_network = 4;
    if (::syscall(landlock_create_ruleset, nullptr, 0, ask_for_version) < first_with_network) return;
    const long socket = tracee_.call(SYS_socket, {AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0}).value_or(-ESRCH);
    if (socket < 0) return;   // another step refuses even that
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(1);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const std::uint64_t address = tracee_.place({reinterpret_cast<const char*>(&to), sizeof to});
    refused("connecting by TCP", SYS_connect, {static_cast<std::uint64_t>(socket), address, sizeof to});
    close(socket);
  }
  SecondLines take() { return std::move(lines_); }

 private:
  void close(long descriptor) { (void)tracee_.call(SYS_close, {static_cast<std::uint64_t>(descriptor)}); }

  Tracee& tracee_;
  SecondLines lines_;
};

}  // namespace

SecondLines try_second_lines(Tracee& tracee) {
  Attempt attempt{tracee};
  attempt.files();
  attempt.connections();
  attempt.is("Memory can become executable: MDWE, which this kernel has, is not set", pr_get_mdwe, 1);
  attempt.is("Its pages may be merged with those of others (KSM)", pr_get_memory_merge, 0);
  return attempt.take();
}

}  // namespace lethe::audit
