#pragma once
// A pipe for one test: both ends non-blocking.
#include <fcntl.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

#include "base/descriptor.hpp"

namespace lethe::ops::test {

struct Pipe {
  Descriptor in;    // to read from
  Descriptor out;   // to write to

  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) throw std::runtime_error{"no pipe"};
    in = Descriptor{ends[0]};
    out = Descriptor{ends[1]};
  }
  // All that is in it now.
  std::string take() const {
    std::string text;
    char part[4'096];
    for (ssize_t got; (got = ::read(in.get(), part, sizeof part)) > 0;) text.append(part, static_cast<std::size_t>(got));
    return text;
  }
  // Until nothing more goes in. Returns how much went in.
  std::size_t fill() const {
    const std::string part(4'096, '.');
    std::size_t all = 0;
    for (ssize_t put; (put = ::write(out.get(), part.data(), part.size())) > 0;) all += static_cast<std::size_t>(put);
    return all;
  }
};

}  // namespace lethe::ops::test
