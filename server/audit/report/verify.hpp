#pragma once
#include <iosfwd>
#include <string>

namespace lethe::audit {

// Whether an evidence directory is whole and agrees with itself: each file has the digest of SHA256SUMS, and none is missing or
// added; report.json fits its schema; its verdict follows from its findings (judge()); the raw evidence is what it names; and
// report.html, report.md, junit.xml and attestation.json say the same verdict, of the same binary and report. One line a problem;
// one line if there is none. Returns 0, or 1 where there is a problem.
// It can't tell who made the directory: SHA256SUMS is not signed.
int verify(const std::string& directory, std::ostream& out);

}  // namespace lethe::audit
