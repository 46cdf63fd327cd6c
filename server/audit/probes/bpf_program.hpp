#pragma once
// A seccomp filter as the kernel would run it (classic BPF, seccomp(2)), and what it could do for any arguments.
#include <linux/filter.h>
#include <linux/seccomp.h>

#include <cstdint>
#include <string>
#include <vector>

namespace lethe::audit {

class BpfProgram {
 public:
  explicit BpfProgram(std::vector<sock_filter> instructions) : code_{std::move(instructions)} {}

  // The action with its value (SECCOMP_RET_…). A program that leaves its bounds kills the process, as no kernel would load it.
  std::uint32_t run(const seccomp_data& call) const noexcept;
  // Whether some arguments of this call could be allowed. Never says no wrongly: a load that isn't the number or the
  // architecture may have any value.
  bool may_allow(std::uint32_t architecture, std::uint32_t number) const;
  std::size_t size() const noexcept { return code_.size(); }
  // In hex, over the instructions as the kernel keeps them.
  std::string sha256() const;

 private:
  std::vector<sock_filter> code_;
};

// What the kernel does where several filters are installed: the most severe action wins.
std::uint32_t run(const std::vector<BpfProgram>& filters, const seccomp_data& call) noexcept;
bool may_allow(const std::vector<BpfProgram>& filters, std::uint32_t architecture, std::uint32_t number);
// SECCOMP_RET_ALLOW and SECCOMP_RET_LOG let the call happen.
bool allows(std::uint32_t action) noexcept;

}  // namespace lethe::audit
