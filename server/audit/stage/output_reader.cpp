#include "audit/stage/output_reader.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <utility>

namespace lethe::audit {

OutputReader::OutputReader() {
  for (std::size_t stream = 0; stream < 2; ++stream) {
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error{"no pipe for the relay's output"};
    read_ends_[stream] = ends[0];
    write_ends_[stream] = ends[1];
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    ::fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
  }
  wake_ = ::eventfd(0, EFD_CLOEXEC);
  if (wake_ < 0) throw std::runtime_error{"no eventfd for the relay's output"};
  thread_ = std::thread{[this] { run(); }};
}

OutputReader::~OutputReader() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto told = ::write(wake_, &one, sizeof one);
  thread_.join();
  started();
  for (const int end : read_ends_) ::close(end);
  ::close(wake_);
}

void OutputReader::started() {
  for (int& end : write_ends_) {
    if (end >= 0) ::close(std::exchange(end, -1));
  }
}

std::string OutputReader::text(std::size_t stream) const {
  empty_pipe(stream);
  const std::lock_guard held{lock_};
  return texts_[stream];
}

bool OutputReader::empty_pipe(std::size_t stream) const {
  const std::lock_guard held{lock_};
  char part[16'384];
  for (;;) {
    const ssize_t got = ::read(read_ends_[stream], part, sizeof part);
    if (got > 0) texts_[stream].append(part, static_cast<std::size_t>(got));
    else if (got < 0 && errno == EINTR) continue;
    else return got < 0 && errno == EAGAIN;
  }
}

void OutputReader::run() {
  std::array<pollfd, 3> waited{{{read_ends_[0], POLLIN, 0}, {read_ends_[1], POLLIN, 0}, {wake_, POLLIN, 0}}};
  for (;;) {
    if (::poll(waited.data(), waited.size(), -1) < 0 && errno != EINTR) return;
    if (waited[2].revents != 0) return;
    for (std::size_t stream = 0; stream < 2; ++stream) {
      if (waited[stream].revents != 0 && !empty_pipe(stream)) waited[stream].fd = -1;
    }
  }
}

}  // namespace lethe::audit
