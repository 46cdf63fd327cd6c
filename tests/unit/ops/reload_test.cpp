#include "ops/reload.hpp"

#include <set>

#include <gmock/gmock.h>

#include "ops/config_error.hpp"
#include "ops/options.hpp"

namespace lethe::ops {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> names(const std::vector<const Option*>& options) {
  std::vector<std::string> result;
  for (const Option* option : options) result.emplace_back(option->name);
  return result;
}

TEST(Changes, TellWhatTakesEffectFromWhatWaits) {
  Config wanted;
  wanted.threads = 7;
  wanted.limits.session.sends_per_second = 5;
  wanted.limits.session.total = 10;
  wanted.log.level = Severity::debug;
  const Changes found = changes(Config{}, wanted);
  EXPECT_THAT(names(found.reloaded), ElementsAre("limits.session.sends_per_second", "log.level"));
  EXPECT_THAT(names(found.waiting), ElementsAre("threads", "limits.session.total"));
  EXPECT_EQ(found.config.limits.session.sends_per_second, 5U);
  EXPECT_EQ(found.config.log.level, Severity::debug);
  EXPECT_EQ(found.config.threads, 0U);
  EXPECT_EQ(found.config.limits.session.total, Limits{}.session.total);
}

TEST(Changes, AreNoneBetweenEquals) {
  const Changes found = changes(Config{}, Config{});
  EXPECT_THAT(found.reloaded, IsEmpty());
  EXPECT_THAT(found.waiting, IsEmpty());
}

// Good as a whole, but not before the restart that its other half needs.
TEST(Changes, MustFitWhatStaysAsItWas) {
  Config wanted;
  wanted.limits.session.ping = seconds{400};
  wanted.limits.session.idle = seconds{500};
  EXPECT_THROW(changes(Config{}, wanted), ConfigError);
}

// What Worker::adopt and the log can be given lies in Settings: limits and the level.
TEST(Options, ThatReloadAreLimitsAndTheLevel) {
  std::size_t count = 0;
  for (const Option& option : options()) {
    if (!option.reloads) continue;
    ++count;
    EXPECT_TRUE(option.name.starts_with("limits.") || option.name == "log.level") << option.name;
  }
  EXPECT_GT(count, 10U);
  // Clients are told these in their hello, and the budgets of memory are made of these: docs/configuration.md.
  for (const char* const name : {"limits.message.payload", "limits.message.recipients", "limits.message.ttl", "limits.mailbox.window",
                                 "limits.mailbox.window_bytes", "limits.session.idle", "limits.session.total", "limits.session.transit",
                                 "limits.relay.bytes", "limits.relay.mailboxes"}) {
    EXPECT_FALSE(find_option(name)->reloads) << name;
  }
}

struct Kept final : EventLog {
  void write(Severity, Event event, const EventFields& fields) override {
    events.push_back(event);
    if (fields.option) options.push_back(ops::options()[*fields.option].name);
  }
  void set_least(Severity severity) override { least = severity; }
  std::vector<Event> events;
  std::vector<std::string_view> options;
  std::optional<Severity> least;
};

class Reloading : public testing::Test {
 protected:
  Kept log;
  Config wanted;
  Reload reload{Config{}, [this] { return wanted; }, log};
};

TEST_F(Reloading, HasNothingToSayWhereNothingIsNew) {
  const auto outcome = reload.again();
  EXPECT_FALSE(outcome.settings || outcome.said);
  EXPECT_THAT(log.events, IsEmpty());
  const auto none = Reload{Config{}, {}, log}.again();
  EXPECT_FALSE(none.settings || none.said);
}

TEST_F(Reloading, GivesTheRelayWhatIsNewOnce) {
  wanted.limits.mailbox.messages = 17;
  wanted.log.level = Severity::error;
  const auto outcome = reload.again();
  ASSERT_TRUE(outcome.settings);
  EXPECT_EQ(outcome.settings->limits.mailbox.messages, 17U);
  EXPECT_EQ(outcome.settings->level, Severity::error);
  EXPECT_EQ(outcome.settings->changed, 2U);
  EXPECT_EQ(log.least, Severity::error);
  EXPECT_FALSE(reload.again().said);
}

TEST_F(Reloading, NamesWhatNeedsARestartAsOftenAsItIsAsked) {
  wanted.memory.arena = 1 << 30;
  for (int turn = 0; turn < 2; ++turn) {
    const auto outcome = reload.again();
    EXPECT_FALSE(outcome.settings);
    EXPECT_TRUE(outcome.said);
  }
  EXPECT_THAT(log.events, ElementsAre(Event::needs_restart, Event::needs_restart));
  EXPECT_THAT(log.options, ElementsAre("memory.arena", "memory.arena"));
}

TEST_F(Reloading, KeepsEverythingWhereTheNewConfigurationIsNoGood) {
  Reload bad{Config{}, []() -> Config { throw ConfigError{"threads", "no"}; }, log};
  const auto outcome = bad.again();
  EXPECT_FALSE(outcome.settings);
  EXPECT_TRUE(outcome.said);
  EXPECT_THAT(log.events, ElementsAre(Event::settings_rejected));
  wanted.limits.session.ping = seconds{400};   // longer than idle
  wanted.limits.mailbox.messages = 3;
  EXPECT_FALSE(reload.again().settings);
  wanted.limits.session.ping = Limits{}.session.ping;
  EXPECT_EQ(reload.again().settings->changed, 1U) << "the first try changed nothing";
}

}  // namespace
}  // namespace lethe::ops
