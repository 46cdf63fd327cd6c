#include "ops/version.hpp"

#include <elf.h>
#include <link.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

// Both come from server/ops/version.cmake.
#ifndef LETHE_VERSION
#define LETHE_VERSION "0.0.0"
#endif
#ifndef LETHE_REVISION
#define LETHE_REVISION "unknown"
#endif

namespace lethe::ops {
namespace {

using Bytes = std::span<const std::uint8_t>;

std::string hex(Bytes bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const auto byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

constexpr std::size_t padded(std::size_t size) { return (size + 3) / 4 * 4; }

// ELF notes, one after another: header, name, description, each padded to four bytes.
std::string find_build_id(Bytes notes) {
  while (notes.size() >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) header;
    std::memcpy(&header, notes.data(), sizeof header);
    notes = notes.subspan(sizeof header);
    const std::size_t name = padded(header.n_namesz);
    if (notes.size() < name + padded(header.n_descsz)) return {};
    const bool gnu = header.n_namesz == 4 && std::memcmp(notes.data(), "GNU", 4) == 0;
    if (gnu && header.n_type == NT_GNU_BUILD_ID) return hex(notes.subspan(name, header.n_descsz));
    notes = notes.subspan(name + padded(header.n_descsz));
  }
  return {};
}

// The loader names the program first: the walk ends with it.
int visit_program(dl_phdr_info* program, std::size_t, void* result) {
  auto& id = *static_cast<std::string*>(result);
  for (const auto& segment : std::span{program->dlpi_phdr, program->dlpi_phnum}) {
    if (segment.p_type != PT_NOTE || !id.empty()) continue;
    id = find_build_id({reinterpret_cast<const std::uint8_t*>(program->dlpi_addr + segment.p_vaddr), segment.p_memsz});
  }
  return 1;
}

}  // namespace

std::string_view version() noexcept { return LETHE_VERSION; }

std::string_view revision() noexcept { return LETHE_REVISION; }

std::string build_id() {
  std::string id;
  dl_iterate_phdr(visit_program, &id);
  return id;
}

std::string version_line() {
  return "lethe " + std::string{version()} + " (revision " + std::string{revision()} + ", build " + build_id() + ")";
}

}  // namespace lethe::ops
