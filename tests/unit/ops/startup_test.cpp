#include "ops/startup.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "ops/config_file.hpp"
#include "ops/options.hpp"
#include "ops/options_page.hpp"
#include "ops/version.hpp"

namespace lethe::ops {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

using Strings = std::vector<std::string>;

std::vector<const char*> pointers(const Strings& strings) {
  std::vector<const char*> result;
  for (const auto& string : strings) result.push_back(string.c_str());
  result.push_back(nullptr);
  return result;
}

Startup run(Strings flags, const Strings& environment = {}) {
  flags.insert(flags.begin(), "lethe");
  const auto argv = pointers(flags);
  const auto env = pointers(environment);
  return parse_command_line(static_cast<int>(flags.size()), argv.data(), env.data());
}

Config started(const Strings& flags, const Strings& environment = {}) {
  auto outcome = run(flags, environment);
  if (const auto* exit = std::get_if<ExitNow>(&outcome)) {
    ADD_FAILURE() << exit->text;
    return {};
  }
  return std::get<Config>(outcome);
}

std::string printed(const Strings& flags) {
  const auto outcome = run(flags);
  const auto* exit = std::get_if<ExitNow>(&outcome);
  if (exit == nullptr || exit->status != 0 || exit->to_stderr) {
    ADD_FAILURE() << "should have printed";
    return {};
  }
  return exit->text;
}

// The line on stderr, without its end.
std::string refusal(const Strings& flags, const Strings& environment = {}) {
  const auto outcome = run(flags, environment);
  const auto* exit = std::get_if<ExitNow>(&outcome);
  if (exit == nullptr) return {};
  EXPECT_EQ(exit->status, 2);
  EXPECT_TRUE(exit->to_stderr);
  EXPECT_THAT(exit->text, AllOf(StartsWith("lethe: "), EndsWith("\n")));
  EXPECT_EQ(std::ranges::count(exit->text, '\n'), 1) << exit->text;
  return exit->text.substr(0, exit->text.size() - 1);
}

class File {
 public:
  explicit File(std::string_view text) { std::ofstream{path_} << text; }
  ~File() { std::remove(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_ = ::testing::TempDir() + "lethe-startup-test-" +
                      ::testing::UnitTest::GetInstance()->current_test_info()->name() + ".json";
};

TEST(CommandLine, StartsWithTheDefaultsWhenEmpty) { EXPECT_EQ(config_text(started({})), config_text(Config{})); }

TEST(CommandLine, HasAFlagForEveryOptionByItsName) {
  for (const Option& option : options()) {
    const auto value = option.kind == Kind::flag ? "2" : option.kind == Kind::list ? ",": "\x01";
    if (option.kind == Kind::path) continue;
    const std::string name{option.name};
    const auto variable = variable_name(name);
    EXPECT_THAT(refusal({"--" + name + "=" + value}), StartsWith("lethe: " + name + ": must be "));
    EXPECT_THAT(refusal({"--" + name, value}), StartsWith("lethe: " + name + ": must be "));
    EXPECT_THAT(refusal({}, {variable + "=" + value}), StartsWith("lethe: " + variable + ": " + name + ": must be "));
  }
}

TEST(CommandLine, TakesEveryDefaultAsAFlagAndAsAVariable) {
  const auto defaults = nlohmann::json::parse(config_text(Config{})).flatten();
  for (const auto& [pointer, value] : defaults.items()) {
    if (!value.is_string() && !value.is_number()) continue;
    auto name = pointer.substr(1);
    std::ranges::replace(name, '/', '.');
    if (find_option(name) == nullptr) continue;
    const auto text = value.is_string() ? value.get<std::string>() : value.dump();
    EXPECT_EQ(config_text(started({"--" + name + "=" + text})), config_text(Config{})) << name;
    EXPECT_EQ(config_text(started({"--" + name, text})), config_text(Config{})) << name;
    EXPECT_EQ(config_text(started({}, {variable_name(name) + "=" + text})), config_text(Config{})) << name;
  }
}

TEST(CommandLine, PutsFlagsOverVariablesOverTheFileOverDefaults) {
  const File file{R"({"threads": 1, "name": "file.test", "limits": {"message": {"payload": 1000}}})"};
  const Strings with_file = {"--config", file.path()};
  auto config = started(with_file);
  EXPECT_EQ(config.threads, 1U);
  EXPECT_EQ(config.name, "file.test");
  EXPECT_EQ(config.limits.message.payload, 1'000U);
  EXPECT_EQ(config.limits.message.recipients, 1'024U);

  const Strings variables = {"PATH=/bin", "LETHE_THREADS=2", "LETHE_LIMITS_MESSAGE_PAYLOAD=2KiB"};
  config = started(with_file, variables);
  EXPECT_EQ(config.threads, 2U);
  EXPECT_EQ(config.name, "file.test");
  EXPECT_EQ(config.limits.message.payload, 2'048U);

  config = started({"--config=" + file.path(), "--threads", "3"}, variables);
  EXPECT_EQ(config.threads, 3U);
  EXPECT_EQ(config.limits.message.payload, 2'048U);
}

TEST(CommandLine, FindsTheFileInAVariableUnlessAFlagNamesOne) {
  const File file{R"({"threads": 5})"};
  EXPECT_EQ(started({}, {"LETHE_CONFIG=" + file.path()}).threads, 5U);
  EXPECT_EQ(started({"--config", file.path()}, {"LETHE_CONFIG=/nonexistent"}).threads, 5U);
  EXPECT_EQ(started({}, {"LETHE_CONFIG="}).threads, 0U);
  EXPECT_EQ(refusal({}, {"LETHE_CONFIG=/nonexistent"}), "lethe: /nonexistent: can't be read: No such file or directory");
  EXPECT_EQ(refusal({"--config="}), "lethe: --config: needs the path of a file");
}

TEST(CommandLine, NamesWhatIsWrongInTheFile) {
  const File file{R"({"limits": {"message": {"payload": [1]}}})"};
  EXPECT_EQ(refusal({"--config", file.path()}),
            "lethe: limits.message.payload: must be a number of bytes from 1 to 262128, or text such as 64KiB, not a list");
}

TEST(CommandLine, ChecksWhatMustFitTogether) {
  EXPECT_EQ(refusal({"--drain.retry_after.min", "31"}), "lethe: drain.retry_after.min: must not exceed drain.retry_after.max");
  EXPECT_EQ(started({"--drain.retry_after.min", "31", "--drain.retry_after.max", "31"}).drain.retry_after.min, seconds{31});
}

TEST(CommandLine, RefusesUnknownFlagsAndStrayArguments) {
  EXPECT_EQ(refusal({"--nonsense"}), "lethe: --nonsense: no such option; lethe --help lists them");
  EXPECT_EQ(refusal({"--nonsense=secret"}), "lethe: --nonsense: no such option; lethe --help lists them");
  EXPECT_EQ(refusal({"--limits.message.playload", "1"}),
            "lethe: --limits.message.playload: no such option; did you mean --limits.message.payload?");
  EXPECT_EQ(refusal({"start"}), "lethe: start: no such option; lethe --help lists them");
  EXPECT_EQ(refusal({"a\nb"}), "lethe: a?b: no such option; lethe --help lists them");
  EXPECT_EQ(refusal({"-x"}), "lethe: -x: no such option; lethe --help lists them");
  EXPECT_EQ(refusal({""}), "lethe: command line: an empty argument belongs to no option");
  EXPECT_EQ(refusal({"--threads"}), "lethe: --threads: needs a value");
  EXPECT_EQ(refusal({"--config"}), "lethe: --config: needs a value");
  EXPECT_EQ(refusal({"--print-config=no"}), "lethe: --print-config: takes no value");
}

TEST(CommandLine, TakesASwitchWithAndWithoutItsValue) {
  EXPECT_TRUE(started({"--tls.plaintext"}).tls.plaintext);
  EXPECT_TRUE(started({"--tls.plaintext", "--threads", "2"}).tls.plaintext);
  EXPECT_TRUE(started({"--tls.plaintext=true"}).tls.plaintext);
  EXPECT_FALSE(started({"--tls.plaintext", "false"}).tls.plaintext);
  EXPECT_FALSE(started({"--tls.plaintext=false"}, {"LETHE_TLS_PLAINTEXT=true"}).tls.plaintext);
}

TEST(CommandLine, TakesEmptyValuesListsAndTheLastOfARepeatedFlag) {
  EXPECT_FALSE(started({"--admin="}).admin);
  EXPECT_FALSE(started({"--admin", ""}).admin);
  EXPECT_FALSE(started({}, {"LETHE_ADMIN="}).admin);
  EXPECT_EQ(started({"--listen", "[::1]:0"}).listen, (Endpoint{"::1", 0}));
  EXPECT_EQ(started({"--allowed_origins", "https://a.example,https://b.example"}).allowed_origins,
            (Strings{"https://a.example", "https://b.example"}));
  EXPECT_TRUE(started({"--allowed_origins="}).allowed_origins.empty());
  EXPECT_EQ(started({"--threads", "1", "--threads", "2"}).threads, 2U);
}

TEST(Environment, RefusesAnUnknownVariableOfTheRelay) {
  EXPECT_EQ(refusal({}, {"LETHE_TREADS=1"}), "lethe: LETHE_TREADS: no such option; lethe --help lists them");
  EXPECT_EQ(started({}, {"OTHER_THREADS=1", "LETHE=1", "XLETHE_A=1", "no-equals-sign"}).threads, 0U);
}

TEST(Environment, PassesOverWhatContainerPlatformsAdd) {
  started({}, {"LETHE_SERVICE_HOST=10.0.0.1", "LETHE_SERVICE_PORT=443", "LETHE_SERVICE_PORT_WSS=443",
               "LETHE_PORT=tcp://10.0.0.1:443", "LETHE_PORT_443_TCP=tcp://10.0.0.1:443", "LETHE_PORT_443_TCP_PROTO=tcp",
               "LETHE_ADMIN_SERVICE_HOST=10.0.0.2"});
  EXPECT_THAT(refusal({}, {"LETHE_PORT=8443"}), StartsWith("lethe: LETHE_PORT: no such option"));
}

TEST(CommandLine, PrintsWhatItIsAskedFor) {
  EXPECT_EQ(printed({"--check-config"}), "lethe: the configuration is good\n");
  EXPECT_EQ(printed({"--version"}), version_line() + "\n");
  EXPECT_EQ(printed({"--print-options-page"}), options_page());
  Config config;
  config.threads = 4;
  EXPECT_EQ(printed({"--print-config", "--threads", "4"}), config_text(config));
}

TEST(CommandLine, ChecksAndPrintsOnlyAGoodConfiguration) {
  EXPECT_THAT(refusal({"--check-config", "--threads", "x"}), StartsWith("lethe: threads: "));
  EXPECT_THAT(refusal({"--print-config", "--name", "example.org"}), StartsWith("lethe: tls.certificate: "));
}

TEST(CommandLine, AsksWhereTheConfigurationHasTheAdminPages) {
  const auto question = [](const Strings& flags, const Strings& environment = {}) {
    const auto outcome = run(flags, environment);
    return std::get<HealthQuestion>(outcome).admin;
  };
  EXPECT_EQ(question({"--health"}), (Endpoint{"127.0.0.1", 9443}));
  EXPECT_EQ(question({"--health", "--admin", "[::1]:1"}), (Endpoint{"::1", 1}));
  EXPECT_EQ(question({"--health"}, {"LETHE_ADMIN=127.0.0.2:2"}), (Endpoint{"127.0.0.2", 2}));
  EXPECT_EQ(question({"--health", "--admin="}), std::nullopt);
  EXPECT_THAT(refusal({"--health", "--threads", "x"}), StartsWith("lethe: threads: "));
}

TEST(CommandLine, AsksTheDoctorAboutTheConfigurationOfAStart) {
  const auto question = [](const Strings& flags, const Strings& environment = {}) {
    return std::get<DoctorQuestion>(run(flags, environment));
  };
  EXPECT_FALSE(question({"--doctor"}).json);
  EXPECT_EQ(question({"--doctor"}).file, "");
  const DoctorQuestion asked = question({"--doctor", "--json", "--threads", "3"}, {"LETHE_DEMO=true"});
  EXPECT_TRUE(asked.json);
  EXPECT_EQ(asked.config.threads, 3U);
  EXPECT_TRUE(asked.config.demo);
  EXPECT_EQ(refusal({"--json"}), "lethe: --json: goes with --doctor only");
  EXPECT_THAT(refusal({"--doctor", "--threads", "x"}), StartsWith("lethe: threads: "));
}

TEST(CommandLine, ListsEveryOptionInItsHelp) {
  const auto help = printed({"--help"});
  for (const Option& option : options()) EXPECT_THAT(help, HasSubstr("--" + std::string{option.name} + " "));
  EXPECT_THAT(help, HasSubstr("--limits.message.payload BYTES=64KiB "));
  EXPECT_EQ(help.find("--print-options-page"), help.npos);
  EXPECT_EQ(printed({"-h"}), help);
}

}  // namespace
}  // namespace lethe::ops
