#pragma once
// Which Debian package a file came from, by dpkg's own database below a root: var/lib/dpkg/info/*.list and status (dpkg(1)).
#include <map>
#include <string>
#include <vector>

namespace lethe::audit {

struct Package {
  std::string name;
  std::string version;
  std::string architecture;
  std::string licence;    // short name of the stanza «Files: *» of its machine-readable copyright file; empty: it has none
};

// By path, for those of `paths` (absolute, within `root`) that a package installed. Empty where there is no such database. A
// path in /usr/lib is also looked for in /lib, where a package of before the merge of the two has it.
std::map<std::string, Package> owners_of(const std::string& root, const std::vector<std::string>& paths);

// The licence of such a copyright file's text, as above.
std::string licence_of(const std::string& copyright);

}  // namespace lethe::audit
