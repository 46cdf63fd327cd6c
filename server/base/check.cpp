#include "base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace lethe {
void check_failed(const char* condition, const char* file, int line) noexcept {
  std::fprintf(stderr, "lethe: broken invariant at %s:%d: %s\n", file, line, condition);
  std::abort();
}
}  // namespace lethe
