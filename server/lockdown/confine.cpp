#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <optional>

#include "base/mutation.hpp"
#include "lockdown/attestation.hpp"
#include "lockdown/capabilities.hpp"
#include "lockdown/confinement.hpp"
#include "lockdown/descriptors.hpp"
#include "lockdown/install.hpp"
#include "lockdown/kernel.hpp"
#include "lockdown/landlock.hpp"
#include "lockdown/resource_limits.hpp"

namespace lethe::lockdown {
namespace {

int only_thread() {
  std::error_code error;
  unsigned threads = 0;
  std::filesystem::directory_iterator task{"/proc/self/task", error};
  for (; !error && task != std::filesystem::directory_iterator{}; task.increment(error)) ++threads;
  if (error) return error.value();
  return threads == 1 ? 0 : EBUSY;
}

int no_files(const CleanStart& start) {
  if (!start.descriptors_closed) return EINVAL;
  const auto open = open_descriptors();
  if (!open) return open.error().value();
  return any_file(*open) ? EBADF : 0;
}

int set(int option, unsigned long value) { return ::prctl(option, value, 0, 0, 0) == 0 ? 0 : errno; }

// Where the kernel doesn't know the option there is nothing to be switched.
int set_if_known(int option, unsigned long value) {
  const int error = set(option, value);
  return error == EINVAL ? 0 : error;
}

// Runs steps until one fails that must not.
class Course {
 public:
  explicit Course(bool strict) noexcept : strict_{strict} {}

  // `act` returns 0 or errno. True if it was run and succeeded.
  template <class Act>
  bool step(Step step, const Act& act) {
    if (failure_) return false;
    const int error = LETHE_KEEP_CALLED(name(step)) ? act() : 0;
    if (error != 0 && strict_) failure_ = StepFailure{step, error};
    return error == 0;
  }
  const std::optional<StepFailure>& failure() const noexcept { return failure_; }

 private:
  bool strict_;
  std::optional<StepFailure> failure_;
};

}  // namespace

Confined confine(const Confinement& confinement) {
  const CleanStart& start = confinement.start;
  Protections now;
  Course course{confinement.strict};
  now.clean_environment = course.step(Step::clean_environment, [&] { return start.environment_clean ? 0 : EINVAL; });
  course.step(Step::single_thread, only_thread);
  now.closed_descriptors = course.step(Step::closed_descriptors, [&] { return no_files(start); });
  course.step(Step::resource_limits, forbid_growth);
  course.step(Step::capabilities, drop_capabilities);
  course.step(Step::no_new_privileges, [] { return set(PR_SET_NO_NEW_PRIVS, 1); });
  // After the capabilities: a change of credentials may set it again.
  course.step(Step::not_dumpable, [] { return set(PR_SET_DUMPABLE, 0); });
  course.step(Step::no_executable_memory, [] { return set_if_known(kernel::pr_set_mdwe, kernel::mdwe_refuse_exec_gain); });
  course.step(Step::memory_merging, [] { return set_if_known(kernel::pr_set_memory_merge, 0); });
  now.landlock_abi = landlock_abi();
  now.landlock = course.step(Step::landlock, [&] { return enforce_landlock(now.landlock_abi); });
  course.step(Step::starting_filter, [&] { return install(confinement.starting, 0); });
  if (course.failure()) return *course.failure();
  (void)attest(now);
  now.seccomp = false;   // the first filter is not the last
  return now;
}

}  // namespace lethe::lockdown
