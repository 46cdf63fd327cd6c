#pragma once
// What is audited, as the report names it.
#include <string>

#include "audit/report/report.hpp"
#include "audit/stage/launch.hpp"

namespace lethe::audit {

// `program`: as it was given. The rest is read from the launch's binary, which is run for its --version.
Subject describe_subject(const std::string& program, const Launch& launch);
// The binary of a running process.
Subject describe_running(pid_t pid);

// The number of Landlock's interface in this kernel; 0: none.
unsigned landlock_abi() noexcept;

}  // namespace lethe::audit
