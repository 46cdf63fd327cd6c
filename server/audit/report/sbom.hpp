#pragma once
// sbom.cdx.json: CycloneDX 1.5 of the audited binary and the shared libraries that it loads.
#include <string>

#include "audit/report/report.hpp"
#include "audit/report/shared_libraries.hpp"

namespace lethe::audit {

// With what can be told from outside: digests, and of libraries that a Debian package installed its version and licence. What
// can't be told (code compiled into the binary; a binary that can't be read, or isn't the one that was audited) is named in
// the property «lethe:not-known» of the binary, and the composition is marked incomplete or unknown. The same files and
// report give the same bytes.
std::string sbom_json(const Report& report, const ProgramFile& program);

}  // namespace lethe::audit
