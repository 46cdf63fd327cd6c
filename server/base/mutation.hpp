#pragma once
// Switches for the mutation tests: each measure that overwrites memory has a name, and a program built with LETHE_MUTANT
// leaves out the one that the variable LETHE_MUTATION names, so that a test can see whether anything notices. In every
// other build the macro is the word `true`: no name, no variable and no branch is left of it.
#ifdef LETHE_MUTANT
#include <cstdlib>
#include <string_view>

namespace lethe {
// Whether the measure is to be left out. The variable is read once; any thread; allocates nothing.
inline bool mutated(std::string_view name) noexcept {
  static const char* const chosen = std::getenv("LETHE_MUTATION");
  return chosen != nullptr && name == chosen;
}
}  // namespace lethe
#define LETHE_KEEP(name) (!::lethe::mutated(#name))
#else
#define LETHE_KEEP(name) true
#endif
