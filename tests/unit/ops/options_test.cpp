#include "ops/options.hpp"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "ops/config_error.hpp"
#include "ops/config_file.hpp"
#include "ops/option_value.hpp"

namespace lethe::ops {
namespace {

using nlohmann::json;
using ::testing::StartsWith;

bool is_number(const Option& option) {
  return option.kind == Kind::number || option.kind == Kind::size || option.kind == Kind::duration;
}

// A file that sets one option.
std::string file_with(std::string_view name, const json& value) {
  std::string pointer = "/" + std::string{name};
  std::ranges::replace(pointer, '.', '/');
  json file = json::object();
  file[json::json_pointer{pointer}] = value;
  return file.dump();
}

// The complaint about the option's value; empty where it was taken.
std::string complaint(const Option& option, const json& value) {
  Config config;
  try {
    read_config_text(file_with(option.name, value), "test.json", config);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return {};
}

void expect_refused(const Option& option, const json& value) {
  const auto text = complaint(option, value);
  EXPECT_THAT(text, StartsWith(std::string{option.name} + ": must be ")) << value;
  EXPECT_EQ(text.find('\n'), text.npos);
}

// Values of the right type on the first and the last place inside the bounds.
std::vector<json> extremes(const Option& option) {
  switch (option.kind) {
    case Kind::flag: return {false, true};
    case Kind::choice: return {option.choices.front(), option.choices.back()};
    case Kind::text: return {"a", std::string(option.max, 'a')};
    case Kind::path: return {"", std::string(option.max, 'a')};
    case Kind::endpoint: return {"127.0.0.1:0", "[::]:65535"};
    case Kind::list: return {json::array(), json(std::vector<std::string>(option.max, option.form.fits("*") ? "*" : "::1"))};
    default: return {option.min, option.max};
  }
}

// The same, one step outside.
std::vector<json> beyond(const Option& option) {
  switch (option.kind) {
    case Kind::flag: return {};
    case Kind::choice: return {"", "other", std::string{option.choices.front()} + " "};
    case Kind::text: return {"", std::string(option.max + 1, 'a')};
    case Kind::path: return {std::string(option.max + 1, 'a')};
    case Kind::endpoint: return {"127.0.0.1:65536", "127.0.0.1:-1"};
    case Kind::list: return {json(std::vector<std::string>(option.max + 1, option.form.fits("*") ? "*" : "::1"))};
    default: return {option.min == 0 ? json(-1) : json(option.min - 1), option.max + 1};
  }
}

// Values of every type but the option's.
std::vector<json> of_other_types(const Option& option) {
  std::vector<json> values = {nullptr, json::object(), json{{"a", 1}}, 1.5, -1, 1e300, json::array({1})};
  if (option.kind != Kind::flag) values.push_back(true);
  if (option.kind != Kind::list) values.push_back(json::array());
  if (!is_number(option)) values.push_back(1);
  if (is_number(option)) values.insert(values.end(), {"", "ten", "-1", "1 ", "1.0", "0x10", "999999999999999999999"});
  if (is_number(option) && option.kind != Kind::size) values.push_back("1");
  return values;
}

TEST(Options, TakeBothTheirBounds) {
  for (const Option& option : options()) {
    for (const auto& value : extremes(option)) {
      EXPECT_EQ(complaint(option, value), "") << option.name << " " << value;
    }
  }
}

TEST(Options, KeepWhatTheyAreSetTo) {
  for (const Option& option : options()) {
    for (const auto& value : extremes(option)) {
      Config config;
      set_from_json(option, value, config);
      EXPECT_EQ(json(to_json(option, config)), value) << option.name;
    }
  }
}

TEST(Options, SetOneFieldEach) {
  for (const Option& option : options()) {
    for (const auto& value : extremes(option)) {
      Config config;
      set_from_json(option, value, config);
      for (const Option& other : options()) {
        if (&other == &option) continue;
        EXPECT_EQ(to_json(other, config), to_json(other, Config{})) << option.name << " changes " << other.name;
      }
    }
  }
}

TEST(Options, RefuseWhatIsOutOfBoundsByName) {
  for (const Option& option : options()) {
    for (const auto& value : beyond(option)) expect_refused(option, value);
  }
}

TEST(Options, RefuseOtherTypesByName) {
  for (const Option& option : options()) {
    for (const auto& value : of_other_types(option)) expect_refused(option, value);
  }
}

TEST(Options, SayWhatTheValueIsNot) {
  const Option& payload = *find_option("limits.message.payload");
  EXPECT_EQ(complaint(payload, true),
            "limits.message.payload: must be a number of bytes from 1 to 262128, or text such as 64KiB, not a boolean");
  const Option& ttl = *find_option("limits.message.ttl");
  EXPECT_EQ(complaint(ttl, "1d"), "limits.message.ttl: must be whole seconds from 1 to 31536000, not a string");
  EXPECT_EQ(complaint(ttl, 0), "limits.message.ttl: must be whole seconds from 1 to 31536000");
  EXPECT_EQ(complaint(*find_option("memory.locking"), "on"), "memory.locking: must be required, best-effort or off");
  EXPECT_EQ(complaint(*find_option("memory.secret"), "yes"), "memory.secret: must be required, best-effort or off");
}

TEST(Options, HaveDefaultsThatFit) {
  for (const Option& option : options()) {
    EXPECT_EQ(complaint(option, json(to_json(option, Config{}))), "") << option.name;
  }
}

TEST(Options, HaveNamesVariablesAndSentencesOfTheirOwn) {
  std::set<std::string> variables;
  std::set<std::string_view> sentences;
  for (const Option& option : options()) {
    EXPECT_TRUE(variables.insert(variable_name(option.name)).second) << option.name;
    EXPECT_TRUE(sentences.insert(option.sentence).second) << option.name;
    EXPECT_TRUE(option.sentence.ends_with('.')) << option.name;
    EXPECT_EQ(find_option(option.name), &option);
  }
}

TEST(Options, CoverEveryLimit) {
  // The bindings don't compile once a struct has another field: a new limit needs its option and a new number here.
  const auto within = [](std::string_view section) {
    return std::ranges::count_if(options(), [&](const Option& option) { return option.name.starts_with(section); });
  };
  [[maybe_unused]] const auto& [payload, recipients, ttl, default_ttl, wait] = MessageLimits{};
  [[maybe_unused]] const auto& [messages, bytes, percent, receipts, window, window_bytes, revoked, memory, dedupe] =
      MailboxLimits{};
  [[maybe_unused]] const auto& [relay_bytes, watermark, mailboxes, entries, invites] = RelayLimits{};
  [[maybe_unused]] const auto& [total, source, handshakes, sends, rate, verifications, frame, depth, header, outbox, transit, auth, idle,
                                ping, message, write] = SessionLimits{};
  EXPECT_EQ(within("limits.message."), 5);
  EXPECT_EQ(within("limits.mailbox."), 9);
  EXPECT_EQ(within("limits.relay."), 5);
  EXPECT_EQ(within("limits.session."), 16);
}

TEST(Options, OfferTheNearestName) {
  EXPECT_EQ(nearest_option("limits.mesage.payload"), "limits.message.payload");
  EXPECT_EQ(nearest_option("thread"), "threads");
  EXPECT_EQ(nearest_option("something.else"), "");
  EXPECT_EQ(nearest_option(""), "");
  EXPECT_EQ(nearest_option(std::string(1'000'000, 'a')), "");
}

TEST(Options, CheckTheFormOfTexts) {
  const auto& name = *find_option("name");
  for (const auto* good : {"localhost", "relay-1.example.org", "127.0.0.1", "::1", "2001:db8::1"}) {
    EXPECT_EQ(complaint(name, good), "") << good;
  }
  for (const auto* bad : {"Relay.example.org", "a b", ".a", "-a", "a_b", "a:1", "[::1]", "a/b", "ré", "2001:DB8::1"}) {
    expect_refused(name, bad);
  }
  expect_refused(name, std::string("a\0b", 3));

  const auto& origins = *find_option("allowed_origins");
  for (const auto* good : {"*", "https://a.example", "http://localhost:8080", "https://[::1]:1", "chrome-extension://abc"}) {
    EXPECT_EQ(complaint(origins, json::array({good})), "") << good;
  }
  for (const auto* bad : {"", "a.example", "https://", "://a", "https://a/", "https://a/b", "https://*", "https://A.example",
                          "null"}) {
    expect_refused(origins, json::array({"*", bad}));
  }
  expect_refused(*find_option("tls.trusted_proxies"), json::array({"10.0.0.0/33"}));
  expect_refused(*find_option("tls.key"), std::string("a\0b", 3));
  expect_refused(*find_option("listen"), "");
  EXPECT_EQ(complaint(*find_option("admin"), ""), "");
}

TEST(Size, IsReadInBytesAndBinaryUnits) {
  std::uint64_t size = 0;
  const std::pair<const char*, std::uint64_t> sizes[] = {
      {"0", 0}, {"1", 1}, {"64KiB", 65'536}, {"3MiB", 3'145'728}, {"1GiB", 1'073'741'824}, {"2TiB", 2'199'023'255'552},
      {"18446744073709551615", 18'446'744'073'709'551'615U}};
  for (const auto& [text, bytes] : sizes) {
    ASSERT_TRUE(parse_size(text, size)) << text;
    EXPECT_EQ(size, bytes);
    EXPECT_EQ(size_text(bytes), text);
  }
  for (const auto* text : {"", "KiB", "1KB", "1kib", "1 KiB", "1.5MiB", "-1", "1B", "16777216TiB", "18446744073709551616",
                           "1KiBKiB"}) {
    EXPECT_FALSE(parse_size(text, size)) << text;
  }
  EXPECT_EQ(size_text(1'025), "1025");
}

}  // namespace
}  // namespace lethe::ops
