#include "unit/lockdown/confined/confined.hpp"

#include <grp.h>
#include <unistd.h>

#include <numeric>

#include "unit/lockdown/confined/child.hpp"

namespace lethe::lockdown {

Confinement confinement(std::vector<Writable> writable) {
  writable.push_back({report_pipe, 4'096});
  Confinement made;
  made.start.environment_clean = true;
  made.start.descriptors_closed = true;
  made.starting = build_filter(native_architecture, Stage::starting, writable).value();
  made.serving = build_filter(native_architecture, Stage::serving, writable).value();
  made.writable = std::move(writable);
  std::iota(made.filter_digest.begin(), made.filter_digest.end(), std::uint8_t{1});
  return made;
}

Sealed told(const Confined& confined) {
  Sealed report;
  report.held = confined.has_value();
  if (report.held) {
    report.protections = *confined;
    return report;
  }
  const StepFailure failure = confined.error();
  report.step = failure.step;
  report.error = failure.error;
  failure.detail.copy(report.detail, sizeof report.detail - 1);
  return report;
}

Sealed confine_and_seal(const Confinement& confinement) {
  const Confined confined = confine(confinement);
  return told(confined ? seal(confinement, *confined) : confined);
}

bool become_nobody() {
  constexpr unsigned nobody = 65'534;
  return ::getuid() == 0 && ::setgroups(0, nullptr) == 0 && ::setresgid(nobody, nobody, nobody) == 0 &&
         ::setresuid(nobody, nobody, nobody) == 0;
}

}  // namespace lethe::lockdown
