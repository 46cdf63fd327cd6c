#pragma once
// What the page /.well-known/lethe says of the relay's protections.
#include <string>
#include <utility>
#include <vector>

namespace lethe::audit {

// Each protection and whether the relay says that it is in force, in the page's order. Empty where the page is none.
std::vector<std::pair<std::string, bool>> protections_of(const std::string& well_known);
std::vector<std::string> names_not_in_force(const std::string& well_known);
// Whether the relay says that its lock-down is not whole.
bool runs_degraded(const std::string& well_known);
// «DEGRADED, by the relay's own account. Not in force: a, b.», or what of this applies; empty where all is in force.
std::string shortcomings_of(const std::string& well_known);

}  // namespace lethe::audit
