#pragma once
// The evidence directory: which files it has, and their digests.
#include <string>
#include <vector>

#include "audit/report/report.hpp"

namespace lethe::audit {

// The files that write_reports makes, in its order; the last is SHA256SUMS.
inline constexpr std::string_view report_files[] = {"report.json", "report.html",   "report.md", "junit.xml",
                                                    "attestation.json", "sbom.cdx.json", "SHA256SUMS"};

// Whether `path` is SHA256SUMS or, beside it, a signature of it (SHA256SUMS.asc, .sig, …): what no digest in it can cover.
bool stands_outside_the_sums(std::string_view path) noexcept;

// Every regular file below `directory` that write_reports doesn't make and that isn't a signature of SHA256SUMS, by path,
// with its digest: for Report::evidence, before write_reports. Symbolic links aren't followed or listed. Throws where one
// can't be read.
std::vector<EvidenceFile> collect_evidence(const std::string& directory);

// Every regular file below `directory` but those that stand outside of the sums, as sha256sum(1) writes them:
// «digest  path», by path. Throws std::runtime_error where one can't be read or its name has a line feed or backslash.
std::string checksums_of(const std::string& directory);

struct Checksum {
  std::string sha256;
  std::string path;
};
// The lines of a SHA256SUMS; absent: a line is none, or its path leads out of the directory.
std::optional<std::vector<Checksum>> parse_checksums(std::string_view text);

// Paths below `directory` of every regular file, in order.
std::vector<std::string> files_below(const std::string& directory);

}  // namespace lethe::audit
