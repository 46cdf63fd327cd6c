// A program that begins as the relay does and says what it found: one line for clean_start, one a variable, one a descriptor.
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>

#include "lockdown/clean_start.hpp"
#include "lockdown/descriptors.hpp"

int main(int, char** arguments) {
  const auto start = lethe::lockdown::clean_start(arguments, environ);
  if (!start) return std::printf("failed %d\n", start.error().value()), 1;
  char name[16] = {};
  ::prctl(PR_GET_NAME, name);
  std::printf("%s clean=%d closed=%d restarted=%d variables=%u descriptors=%u\n", name, start->environment_clean,
              start->descriptors_closed, start->restarted, start->variables_dropped, start->descriptors_dropped);
  for (char** variable = environ; *variable != nullptr; ++variable) std::printf("%s\n", *variable);
  const auto open = lethe::lockdown::open_descriptors();
  if (!open) return 1;
  for (const auto& one : *open) std::printf("descriptor %d\n", one.number);
  for (char** argument = arguments + 1; *argument != nullptr; ++argument) std::printf("argument %s\n", *argument);
  return 0;
}
