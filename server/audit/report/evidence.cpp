#include "audit/report/evidence.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "audit/report/digest.hpp"

namespace lethe::audit {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t digest_length = 64;

bool is_report_file(const std::string& path) {
  return std::find(std::begin(report_files), std::end(report_files), path) != std::end(report_files);
}

bool is_digest(std::string_view text) {
  return text.size() == digest_length && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool stays_below(std::string_view path) {
  const fs::path parts{path};
  return !path.empty() && parts.is_relative() && std::find(parts.begin(), parts.end(), "..") == parts.end();
}

}  // namespace

bool stands_outside_the_sums(std::string_view path) noexcept { return path == "SHA256SUMS" || path.rfind("SHA256SUMS.", 0) == 0; }

std::vector<std::string> files_below(const std::string& directory) {
  std::vector<std::string> paths;
  for (const auto& entry : fs::recursive_directory_iterator{directory}) {
    if (entry.is_regular_file() && !entry.is_symlink()) paths.push_back(entry.path().lexically_relative(directory).string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::vector<EvidenceFile> collect_evidence(const std::string& directory) {
  std::vector<EvidenceFile> evidence;
  for (const auto& path : files_below(directory)) {
    if (is_report_file(path) || stands_outside_the_sums(path)) continue;
    const auto whole = directory + "/" + path;
    evidence.push_back({path, digest_of_file(whole), fs::file_size(whole)});
  }
  return evidence;
}

std::string checksums_of(const std::string& directory) {
  std::string text;
  for (const auto& path : files_below(directory)) {
    if (stands_outside_the_sums(path)) continue;
    if (path.find_first_of("\n\r\\") != std::string::npos) throw std::runtime_error("a file's name has a line end or backslash");
    text += digest_of_file(directory + "/" + path) + "  " + path + "\n";
  }
  return text;
}

std::optional<std::vector<Checksum>> parse_checksums(std::string_view text) {
  std::vector<Checksum> checksums;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.size() < digest_length + 3 || line.substr(digest_length, 2) != "  ") return std::nullopt;
    const auto digest = line.substr(0, digest_length);
    const auto path = line.substr(digest_length + 2);
    if (!is_digest(digest) || !stays_below(path)) return std::nullopt;
    checksums.push_back({std::string{digest}, std::string{path}});
  }
  return checksums;
}

}  // namespace lethe::audit
