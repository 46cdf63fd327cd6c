#include "cli/progress.hpp"

#include <cstdio>
#include <utility>

#include <unistd.h>

namespace lethe::cli {

Progress::Progress(std::string verb, std::uint32_t least)
    : verb_(std::move(verb)), least_(least), terminal_(::isatty(STDERR_FILENO) == 1) {}

void Progress::show(std::uint32_t count, std::uint32_t total) {
  if (total < least_) return;
  const auto percent = static_cast<std::uint32_t>(std::uint64_t{100} * count / total);
  const std::uint32_t step = terminal_ ? 1 : 10;
  if (percent < shown_ + step && count != total) return;
  shown_ = percent;
  std::fprintf(stderr, terminal_ ? "\r%s %u %%  " : "%s %u %%\n", verb_.c_str(), percent);
  open_ = terminal_;
}

void Progress::finish() {
  if (std::exchange(open_, false)) std::fputc('\n', stderr);
  shown_ = 0;
}

}  // namespace lethe::cli
