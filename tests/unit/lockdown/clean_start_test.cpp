#include "lockdown/clean_start.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lethe::lockdown {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

struct Start {
  std::vector<std::string> environment;
  std::vector<int> open{};          // descriptors that the program inherits
  std::vector<int> closed{};
  bool marked = false;              // with the mark of a second run, in its own pid
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

[[noreturn]] void become_probe(Start start, int output) {
  ::dup2(output, 1);
  ::close_range(3, ~0U, 0);
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int number : start.open) ::dup2(null, number);
  for (const int number : start.closed) ::close(number);
  if (start.marked) start.environment.push_back("LETHE_CLEAN_START=" + std::to_string(::getpid()) + ".5.6");
  std::vector<std::string> arguments{"/some/where/relay", "one", "two words"};
  ::execve(LETHE_CLEAN_START_PROBE, pointers(arguments).data(), pointers(start.environment).data());
  _exit(127);
}

// What the probe printed.
std::string output_of(const Start& start) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return "no pipe";
  const pid_t child = ::fork();
  if (child == 0) become_probe(start, ends[1]);
  ::close(ends[1]);
  std::string output;
  char part[4'096];
  for (ssize_t got; (got = ::read(ends[0], part, sizeof part)) > 0;) output.append(part, static_cast<std::size_t>(got));
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return output;
}

TEST(CleanStart, DropsHostileVariablesByOneMoreExecution) {
  const auto output = output_of({{"LD_BIND_NOW=1", "PATH=/bin", "SSLKEYLOGFILE=/tmp/keys", "LETHE_NAME=relay", "X"}});
  EXPECT_THAT(output, StartsWith("relay clean=1 closed=1 restarted=1 variables=3 descriptors=0\n"));
  EXPECT_THAT(output, HasSubstr("\nPATH=/bin\nLETHE_NAME=relay\ndescriptor 0\n"));
  EXPECT_THAT(output, HasSubstr("\nargument one\nargument two words\n"));
}

TEST(CleanStart, DoesNotExecuteWhereNothingIsToBeDropped) {
  const auto output = output_of({{"PATH=/bin", "LC_ALL=C"}});
  EXPECT_THAT(output, HasSubstr(" clean=1 closed=1 restarted=0 variables=0 descriptors=0\n"));
  EXPECT_THAT(output, HasSubstr("\nPATH=/bin\nLC_ALL=C\n"));
}

TEST(CleanStart, ClosesWhatItInherited) {
  for (const bool hostile : {false, true}) {
    Start start{{"PATH=/bin"}, {40, 41, 900}};
    if (hostile) start.environment.emplace_back("TMPDIR=/tmp");
    const auto output = output_of(start);
    EXPECT_THAT(output, HasSubstr(" closed=1 "));
    EXPECT_THAT(output, HasSubstr(" descriptors=3\n"));
    EXPECT_THAT(output, HasSubstr("\ndescriptor 0\ndescriptor 1\ndescriptor 2\nargument"));
  }
}

TEST(CleanStart, PutsNothingInThePlaceOfAMissingStandardStream) {
  const auto output = output_of({{"PATH=/bin"}, {}, {0, 2}});
  EXPECT_THAT(output, HasSubstr("\ndescriptor 0\ndescriptor 1\ndescriptor 2\nargument"));
}

TEST(CleanStart, DoesNotRunForEver) {
  const auto output = output_of({{"LD_BIND_NOW=1"}, {}, {}, true});
  EXPECT_EQ(output, "failed " + std::to_string(ELOOP) + "\n");
}

TEST(CleanStart, TakesTheMarkAway) {
  const auto second = output_of({{"PATH=/bin"}, {}, {}, true});
  EXPECT_THAT(second, StartsWith("relay clean=1 closed=1 restarted=1 variables=5 descriptors=6\n"));
  EXPECT_THAT(second, Not(HasSubstr("LETHE_CLEAN_START")));
  const auto foreign = output_of({{"LETHE_CLEAN_START=1.2.3", "PATH=/bin", "LETHE_CLEAN_START=nonsense"}});
  EXPECT_THAT(foreign, HasSubstr(" clean=1 closed=1 restarted=0 variables=0 "));
  EXPECT_THAT(foreign, Not(HasSubstr("LETHE_CLEAN_START")));
}

}  // namespace
}  // namespace lethe::lockdown
