#pragma once
// Switches for the mutation tests (tests/retention/mutations): each measure that overwrites memory and each step of the
// lock-down has a name, and a program built with LETHE_MUTANT leaves out the one that the variable LC_LETHE_MUTATION names
// (LC_: a clean start keeps it), so that a test can see whether the auditor notices. In every other build the macros are the
// word `true`: no name, no variable and no branch is left of them.
#ifdef LETHE_MUTANT
#include <cstdlib>
#include <string_view>

namespace lethe {
// Whether the measure is to be left out. The variable is read once; any thread; allocates nothing.
inline bool mutated(std::string_view name) noexcept {
  static const char* const chosen = std::getenv("LC_LETHE_MUTATION");
  return chosen != nullptr && name == chosen;
}
}  // namespace lethe
#define LETHE_KEEP(name) (!::lethe::mutated(#name))
#define LETHE_KEEP_CALLED(text) (!::lethe::mutated(text))
#else
#define LETHE_KEEP(name) true
#define LETHE_KEEP_CALLED(text) true
#endif
