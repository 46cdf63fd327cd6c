// From the command line to a running relay: server/start/ tells how.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <stdexcept>

#include "base/heap.hpp"
#include "doctor/doctor.hpp"
#include "ops/startup.hpp"
#include "start/health.hpp"
#include "start/run.hpp"

int main(int argc, char** argv) {
  using namespace lethe;
  std::signal(SIGPIPE, SIG_IGN);
  tune_heap();
  const auto parsed = ops::parse_command_line(argc, argv, environ);
  if (const auto* leave = std::get_if<ops::ExitNow>(&parsed)) {
    std::fputs(leave->text.c_str(), leave->to_stderr ? stderr : stdout);
    return leave->status;
  }
  if (const auto* asked = std::get_if<ops::HealthQuestion>(&parsed)) return start::tell_health(asked->admin);
  if (const auto* asked = std::get_if<ops::DoctorQuestion>(&parsed)) return doctor::tell(*asked);
  const auto& config = std::get<ops::Config>(parsed);
  try {
    if (config.lockdown == ops::LockdownMode::off) return start::run_alone(config, argv, environ);
    return start::run_locked_down(config, argv, environ);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "lethe: %s\n", failure.what());
    return 1;
  }
}
