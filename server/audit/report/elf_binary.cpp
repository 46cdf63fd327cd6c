#include "audit/report/elf_binary.hpp"

#include <elf.h>

#include <algorithm>
#include <cstring>

namespace lethe::audit {
namespace {

template <typename Record>
std::optional<Record> record_at(std::string_view bytes, std::uint64_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(Record)) return std::nullopt;
  Record record;
  std::memcpy(&record, bytes.data() + offset, sizeof record);
  return record;
}

std::string_view slice(std::string_view bytes, std::uint64_t offset, std::uint64_t size) {
  return offset < bytes.size() ? bytes.substr(offset, size) : std::string_view{};
}

// Up to its zero byte.
std::string text_at(std::string_view bytes, std::uint64_t offset) {
  const auto rest = slice(bytes, offset, bytes.size());
  return std::string{rest.substr(0, rest.find('\0'))};
}

std::vector<Elf64_Phdr> segments_of(std::string_view bytes, const Elf64_Ehdr& header) {
  std::vector<Elf64_Phdr> segments;
  for (std::uint64_t index = 0; index < header.e_phnum; ++index) {
    const auto segment = record_at<Elf64_Phdr>(bytes, header.e_phoff + index * sizeof(Elf64_Phdr));
    if (segment) segments.push_back(*segment);
  }
  return segments;
}

// Where in the file an address of the loaded program lies.
std::optional<std::uint64_t> offset_of(const std::vector<Elf64_Phdr>& segments, std::uint64_t address) {
  for (const auto& segment : segments) {
    const bool within = address >= segment.p_vaddr && address - segment.p_vaddr < segment.p_filesz;
    if (segment.p_type == PT_LOAD && within) return segment.p_offset + (address - segment.p_vaddr);
  }
  return std::nullopt;
}

std::vector<Elf64_Dyn> entries_of(std::string_view dynamic) {
  std::vector<Elf64_Dyn> entries;
  for (std::uint64_t offset = 0;; offset += sizeof(Elf64_Dyn)) {
    const auto entry = record_at<Elf64_Dyn>(dynamic, offset);
    if (!entry || entry->d_tag == DT_NULL) return entries;
    entries.push_back(*entry);
  }
}

std::vector<std::string> parts_of(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const auto part = path.substr(0, path.find(':'));
    if (!part.empty()) parts.emplace_back(part);
    path.remove_prefix(std::min(path.size(), part.size() + 1));
  }
  return parts;
}

bool read_dynamic(std::string_view bytes, const std::vector<Elf64_Phdr>& segments, std::string_view dynamic, ElfBinary& binary) {
  const auto entries = entries_of(dynamic);
  const auto table = std::find_if(entries.begin(), entries.end(), [](const Elf64_Dyn& entry) { return entry.d_tag == DT_STRTAB; });
  const auto strings = table == entries.end() ? std::nullopt : offset_of(segments, table->d_un.d_ptr);
  if (!strings) return false;
  const auto text = slice(bytes, *strings, bytes.size());
  for (const auto& entry : entries) {
    if (entry.d_tag == DT_NEEDED) binary.needed.push_back(text_at(text, entry.d_un.d_val));
    if (entry.d_tag == DT_RUNPATH || entry.d_tag == DT_RPATH) binary.runpath = parts_of(text_at(text, entry.d_un.d_val));
  }
  return true;
}

}  // namespace

std::optional<ElfBinary> parse_elf(std::string_view bytes) {
  const auto header = record_at<Elf64_Ehdr>(bytes, 0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return std::nullopt;
  if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB) return std::nullopt;
  ElfBinary binary;
  binary.machine = header->e_machine;
  const auto segments = segments_of(bytes, *header);
  for (const auto& segment : segments) {
    const auto content = slice(bytes, segment.p_offset, segment.p_filesz);
    if (segment.p_type == PT_INTERP) binary.interpreter = text_at(content, 0);
    if (segment.p_type == PT_DYNAMIC && !read_dynamic(bytes, segments, content, binary)) return std::nullopt;
  }
  return binary;
}

}  // namespace lethe::audit
