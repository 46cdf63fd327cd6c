#include "audit/subject.hpp"

#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <stdexcept>

#include "audit/report/digest.hpp"
#include "audit/stage/run_to_end.hpp"

namespace lethe::audit {
namespace {

std::string kernel() {
  utsname names{};
  return ::uname(&names) == 0 ? std::string{names.release} : std::string{};
}

// Empty where it can't be read: the report says so.
std::string sha256_or_nothing(const std::string& path) {
  try {
    return digest_of_file(path);
  } catch (const std::runtime_error&) {
    return {};
  }
}

std::string version_of(Launch launch) {
  launch.arguments = {"--version"};
  const std::string said = run_to_end(launch).out;
  return said.substr(0, said.find('\n'));
}

}  // namespace

Subject describe_subject(const std::string& program, const Launch& launch) {
  Subject subject;
  subject.program = program;
  subject.sha256 = sha256_or_nothing(launch.root + launch.program);
  subject.version = version_of(launch);
  subject.flags = launch.arguments;
  subject.kernel = kernel();
  subject.landlock_abi = landlock_abi();
  return subject;
}

Subject describe_running(pid_t pid) {
  Subject subject;
  subject.program = "process " + std::to_string(pid);
  subject.sha256 = sha256_or_nothing("/proc/" + std::to_string(pid) + "/exe");
  subject.kernel = kernel();
  subject.landlock_abi = landlock_abi();
  return subject;
}

unsigned landlock_abi() noexcept {
  constexpr unsigned ask_for_version = 1;   // LANDLOCK_CREATE_RULESET_VERSION
  const long abi = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, ask_for_version);
  return abi > 0 ? static_cast<unsigned>(abi) : 0;
}

}  // namespace lethe::audit
