#include "ops/config_file.hpp"

#include <cstdio>
#include <fstream>

#include <gtest/gtest.h>

#include "ops/config_error.hpp"

namespace lethe::ops {
namespace {

std::string complaint(std::string_view text) {
  Config config;
  try {
    read_config_text(text, "lethe.json", config);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return {};
}

std::string complaint_about_file(const std::string& path) {
  Config config;
  try {
    read_config_file(path, config);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return {};
}

TEST(ConfigFile, SetsWhatItNamesAndNothingElse) {
  Config config;
  read_config_text(R"({"listen": "[::1]:0", "admin": "", "threads": 3, "allowed_origins": [],
                       "tls": {"minimum": "1.2", "resumption": true, "trusted_proxies": ["10.0.0.0/8"]},
                       "memory": {"arena": "1GiB", "locking": "best-effort", "secret": "required"},
                       "limits": {"message": {"ttl": 60}, "session": {"frame": 2097152}},
                       "drain": {"retry_after": {"max": 5}}, "log": {"level": "error", "format": "json"}})",
                   "lethe.json", config);
  EXPECT_EQ(config.listen, (Endpoint{"::1", 0}));
  EXPECT_FALSE(config.admin);
  EXPECT_EQ(config.threads, 3U);
  EXPECT_TRUE(config.allowed_origins.empty());
  EXPECT_EQ(config.tls.minimum, TlsVersion::v1_2);
  EXPECT_TRUE(config.tls.resumption);
  EXPECT_EQ(config.tls.trusted_proxies, std::vector<std::string>{"10.0.0.0/8"});
  EXPECT_EQ(config.memory.arena, 1'073'741'824U);
  EXPECT_EQ(config.memory.locking, MemoryLocking::best_effort);
  EXPECT_EQ(config.memory.secret, SecretMemory::required);
  EXPECT_EQ(config.limits.message.ttl, seconds{60});
  EXPECT_EQ(config.limits.session.frame, 2'097'152U);
  EXPECT_EQ(config.drain.retry_after.max, seconds{5});
  EXPECT_EQ(config.log.level, Severity::error);
  EXPECT_EQ(config.log.format, LogFormat::json);
  EXPECT_EQ(config.name, "localhost");
  EXPECT_EQ(config.limits.message.payload, MessageLimits{}.payload);
  EXPECT_EQ(config.drain.retry_after.min, seconds{1});
}

TEST(ConfigFile, NamesAnUnknownKey) {
  EXPECT_EQ(complaint(R"({"treads": 1})"), "treads: no such option; did you mean threads?");
  EXPECT_EQ(complaint(R"({"limits": {"message": {"colour": 1}}})"), "limits.message.colour: no such option");
  EXPECT_EQ(complaint(R"({"extra": {"threads": 1}})"), "extra: no such option");
  EXPECT_EQ(complaint(R"({"": 1})"), ": no such option");
}

TEST(ConfigFile, NamesASectionThatIsNone) {
  EXPECT_EQ(complaint(R"({"limits": 5})"), "limits: must be a section, that is an object in braces");
  EXPECT_EQ(complaint(R"({"limits": {"message": []}})"), "limits.message: must be a section, that is an object in braces");
}

TEST(ConfigFile, NamesAKeyThatIsGivenTwice) {
  EXPECT_EQ(complaint(R"({"threads": 1, "name": "localhost", "threads": 2})"),
            "threads: given twice in one section of lethe.json");
  EXPECT_EQ(complaint(R"({"limits": {"message": {"ttl": 5}}, "tls": {"key": "a", "key": "a"}})"),
            "key: given twice in one section of lethe.json");
  EXPECT_EQ(complaint(R"({"tls": {"key": "a"}, "log": {"level": "info"}})"), "");
}

TEST(ConfigFile, SaysWhereItIsNotJsonAndQuotesNothing) {
  EXPECT_EQ(complaint("{\n  \"threads\": secret\n}"), "lethe.json: is not JSON at line 2, column 14");
  EXPECT_EQ(complaint(""), "lethe.json: is not JSON at line 1, column 1");
  EXPECT_EQ(complaint("{} {}"), "lethe.json: is not JSON at line 1, column 4");
  EXPECT_EQ(complaint("[]"), "lethe.json: must hold one JSON object");
  EXPECT_EQ(complaint("{\"threads\": 1}\xff").substr(0, 23), "lethe.json: is not JSON");
}

TEST(ConfigFile, KeepsComplaintsOnOneLineOfPlainCharacters) {
  EXPECT_EQ(complaint("{\"a\\nb\\u0007\\u00e9\": 1}"), "a?b???: no such option");
  const auto text = complaint("{\"" + std::string(5'000, 'a') + "\": 1}");
  EXPECT_LT(text.size(), 120U);
}

TEST(ConfigFile, IsReadFromItsPath) {
  const std::string path = ::testing::TempDir() + "lethe-config-file-test.json";
  std::ofstream{path} << R"({"threads": 7})";
  Config config;
  read_config_file(path, config);
  EXPECT_EQ(config.threads, 7U);
  std::ofstream{path} << std::string(1'048'577, ' ');
  EXPECT_EQ(complaint_about_file(path), path + ": is larger than 1 MiB");
  std::remove(path.c_str());
}

TEST(ConfigFile, IsNamedWhereItCannotBeRead) {
  EXPECT_EQ(complaint_about_file("/nonexistent/lethe.json"), "/nonexistent/lethe.json: can't be read: No such file or directory");
  EXPECT_EQ(complaint_about_file("/"), "/: can't be read: Is a directory");
}

TEST(ConfigFile, IsPrintedAsItIsRead) {
  Config config;
  config.admin.reset();
  config.name = "relay.example.org";
  config.tls.trusted_proxies = {"10.0.0.0/8", "::1"};
  config.limits.message.payload = 4'096;
  config.log.level = Severity::warning;
  const auto printed = config_text(config);
  Config again;
  read_config_text(printed, "printed", again);
  EXPECT_EQ(config_text(again), printed);
  EXPECT_NE(config_text(Config{}), printed);
  EXPECT_EQ(again.name, "relay.example.org");
  EXPECT_EQ(again.limits.message.payload, 4'096U);
}

}  // namespace
}  // namespace lethe::ops
