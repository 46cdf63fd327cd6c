#include "lockdown/clean_start.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutation.hpp"
#include "lockdown/descriptors.hpp"
#include "lockdown/environment.hpp"
#include "lockdown/step.hpp"

namespace lethe::lockdown {
namespace {

error_code last_error() { return {errno, boost::system::system_category()}; }

// What the first run leaves to the second: "<its pid>.<variables dropped>.<descriptors dropped>". The pid outlives execve(2),
// so a mark that came from elsewhere is told apart; where it isn't, the check for a clean environment still follows.
constexpr std::string_view mark_name = "LETHE_CLEAN_START=";

std::string mark_of(const CleanStart& start) {
  return std::string{mark_name} + std::to_string(::getpid()) + '.' + std::to_string(start.variables_dropped) + '.' +
         std::to_string(start.descriptors_dropped);
}

bool read_mark(std::string_view text, CleanStart& start) {
  unsigned numbers[3] = {};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (unsigned& number : numbers) {
    const auto [stop, error] = std::from_chars(at, end, number);
    if (error != std::errc{}) return false;
    at = stop == end ? end : stop + 1;
  }
  if (numbers[0] != static_cast<unsigned>(::getpid())) return false;
  start.variables_dropped = numbers[1];
  start.descriptors_dropped = numbers[2];
  return true;
}

// Takes every mark out of the environment; true if one was this process's own.
bool take_mark(char** environment, CleanStart& start) {
  bool own = false;
  char** kept = environment;
  for (char** at = environment; *at != nullptr; ++at) {
    const std::string_view variable{*at};
    if (variable.starts_with(mark_name)) own = read_mark(variable.substr(mark_name.size()), start) || own;
    else *kept++ = *at;
  }
  *kept = nullptr;
  return own;
}

unsigned count_variables(char* const* environment) {
  unsigned count = 0;
  while (environment[count] != nullptr) ++count;
  return count;
}

// So that no socket is ever called 0, 1 or 2 and gets what is meant for a terminal.
bool open_standard_streams() {
  for (int number = 0; number < 3; ++number) {
    if (::fcntl(number, F_GETFD) < 0 && ::open("/dev/null", O_RDWR) != number) return false;
  }
  return true;
}

Result<unsigned> inherited_descriptors() {
  const auto open = open_descriptors();
  if (!open) return open.error();
  return static_cast<unsigned>(std::ranges::count_if(*open, [](const Descriptor& one) { return one.number > 2; }));
}

error_code close_descriptors(CleanStart& start) {
  const auto inherited = inherited_descriptors();
  if (!inherited) return inherited.error();
  start.descriptors_dropped += *inherited;
  const bool closes = LETHE_KEEP_CALLED(name(Step::closed_descriptors));
  if ((closes && ::close_range(3, ~0U, 0) != 0) || !open_standard_streams()) return last_error();
  const auto left = inherited_descriptors();
  if (!left) return left.error();
  start.descriptors_closed = *left == 0;
  return {};
}

// The second run is called "exe" by the kernel, after the link that it was executed by.
void restore_name(const char* first_argument) {
  if (first_argument == nullptr) return;
  const char* const slash = std::strrchr(first_argument, '/');
  (void)::prctl(PR_SET_NAME, slash == nullptr ? first_argument : slash + 1);
}

}  // namespace

Result<CleanStart> clean_start(char* const* arguments, char** environment) {
  CleanStart start;
  start.restarted = take_mark(environment, start);
  if (start.restarted) restore_name(arguments[0]);
  if (const error_code error = close_descriptors(start)) return error;
  std::vector<char*> kept = kept_variables(environment);
  const unsigned dropped = count_variables(environment) - static_cast<unsigned>(kept.size() - 1);
  start.environment_clean = dropped == 0;
  if (start.environment_clean || !LETHE_KEEP_CALLED(name(Step::clean_environment))) return start;
  if (start.restarted) return error_code{ELOOP, boost::system::system_category()};
  start.variables_dropped = dropped;
  std::string mark = mark_of(start);
  kept.back() = mark.data();
  kept.push_back(nullptr);
  ::execve("/proc/self/exe", arguments, kept.data());
  return last_error();
}

}  // namespace lethe::lockdown
