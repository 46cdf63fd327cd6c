#pragma once
// Sets the machine's core pattern for one trial and looks for what a crash leaves (core(5)). The pattern is the machine's, not a
// namespace's, and is put back.
#include <optional>
#include <string>

#include "audit/canary/search.hpp"
#include "audit/probes/probe.hpp"

namespace lethe::audit {

class CoreWatch {
 public:
  CoreWatch() = default;
  ~CoreWatch() { close(); }
  CoreWatch(const CoreWatch&) = delete;
  CoreWatch& operator=(const CoreWatch&) = delete;

  // `root`: what the relay sees as «/»; `directory`: for a program's copy. Empty, or why it can't be had.
  std::string open(CorePattern pattern, const std::string& root, const std::string& directory);
  // After the crash: waits a moment for a program to finish. Bytes of the dump (0: none came) and canaries in it.
  struct Dump {
    std::uint64_t bytes = 0;
    std::uint64_t hits = 0;
  };
  Dump look(const Search& search) const;
  void close();

 private:
  std::string expected_;               // path of the dump
  std::optional<std::string> before_;  // the pattern to put back
};

}  // namespace lethe::audit
