#include "ops/output_queue.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace lethe::ops {
namespace {

constexpr std::size_t most = 2 * OutputQueue::enough;

// A pipe that is writable takes PIPE_BUF bytes, and so any line, without waiting: pipe(7), poll(2).
bool takes_a_line(int descriptor) {
  pollfd output{descriptor, POLLOUT, 0};
  return ::poll(&output, 1, 0) > 0;
}

}  // namespace

void OutputQueue::add(std::string_view line) {
  if (lines_.size() < most) {
    lines_.emplace_back(line);
    return;
  }
  ++lost_;
  written_since_ = false;
}

void OutputQueue::drop_front() noexcept {
  lines_.pop_front();
  sent_ = 0;
}

// False where the rest has to wait.
bool OutputQueue::write_front() {
  const std::string& line = lines_.front();
  const ssize_t written = ::write(descriptor_, line.data() + sent_, line.size() - sent_);
  if (written < 0 && errno == EINTR) return true;
  if (written < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return false;
  if (written < 0) {
    stuck_ = sent_ > 0 && errno != EPIPE;
    if (stuck_) return false;
    drop_front();
    ++lost_;
    written_since_ = false;
    return true;
  }
  stuck_ = false;
  sent_ += static_cast<std::size_t>(written);
  if (sent_ < line.size()) return true;
  drop_front();
  written_since_ = true;
  return true;
}

void OutputQueue::flush() {
  while (!lines_.empty() && takes_a_line(descriptor_) && write_front()) {}
}

std::uint64_t OutputQueue::take_lost() noexcept { return written_since_ ? std::exchange(lost_, 0) : 0; }

}  // namespace lethe::ops
