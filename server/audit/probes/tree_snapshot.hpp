#pragma once
// A directory and everything below it, as it is: kinds, sizes, times, owners, rights, links, extended attributes, content.
#include <map>
#include <string>
#include <vector>

namespace lethe::audit {

class TreeSnapshot {
 public:
  // What can't be read is taken as it is seen. Access times are left out: reading changes them.
  static TreeSnapshot of(const std::string& directory);
  // What differs in `later`, one entry a path below the directory, with the kind of change: «/tmp/x: new». Sorted.
  std::vector<std::string> changes(const TreeSnapshot& later) const;
  std::size_t size() const noexcept { return entries_.size(); }

 private:
  std::map<std::string, std::string> entries_;   // path → all that is known of it, in one line
};

}  // namespace lethe::audit
