#pragma once
// LETHE_CHECK(condition): stops the process where an invariant of the program itself is broken. The text is the
// condition as written in the source; it never holds a value.
namespace lethe {
[[noreturn]] void check_failed(const char* condition, const char* file, int line) noexcept;
}
#define LETHE_CHECK(condition) \
  do {                         \
    if (!(condition)) [[unlikely]] ::lethe::check_failed(#condition, __FILE__, __LINE__); \
  } while (false)
