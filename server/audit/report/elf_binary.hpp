#pragma once
// What the dynamic section of a 64-bit little-endian ELF file says of the libraries that it needs (elf(5), gABI chapter 5).
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lethe::audit {

struct ElfBinary {
  std::uint16_t machine = 0;          // e_machine: a program loads libraries of its own kind alone
  std::vector<std::string> needed;    // DT_NEEDED, in order
  std::vector<std::string> runpath;   // DT_RUNPATH or DT_RPATH, by parts; may begin with $ORIGIN
  std::string interpreter;            // PT_INTERP; empty: none
};

// Absent: not such a file, or one that contradicts itself. Reads nothing outside of `bytes`.
std::optional<ElfBinary> parse_elf(std::string_view bytes);

}  // namespace lethe::audit
