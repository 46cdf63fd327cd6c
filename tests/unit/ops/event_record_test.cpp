#include "ops/event_record.hpp"

#include <climits>

#include <gtest/gtest.h>

#include "ops/event_grammar.hpp"
#include "ops/options.hpp"

namespace lethe::ops {
namespace {

constexpr auto kLast = static_cast<unsigned>(last_event);
constexpr unsigned kFields = 1'024;   // combinations

EventFields fields_of(unsigned present) {
  EventFields fields;
  if (present & session_field) fields.session = SessionNumber{~std::uint64_t{0}};
  if (present & error_field) fields.error = make_error(ErrorCategory::asio_misc, INT_MIN);
  if (present & bytes_field) fields.bytes = 1;
  if (present & count_field) fields.count = ~std::uint64_t{0};
  if (present & port_field) fields.port = 65'535;
  if (present & duration_field) fields.duration = milliseconds{INT64_MAX};
  if (present & code_field) fields.code = 4'002;
  if (present & level_field) fields.level = 3;
  if (present & option_field) fields.option = 7;
  if (present & digest_field) fields.digest = Digest{{1, 2, 3}};
  return fields;
}

void expect_equal(const EventFields& got, const EventFields& wanted) {
  EXPECT_EQ(got.session, wanted.session);
  EXPECT_EQ(got.error.has_value(), wanted.error.has_value());
  if (got.error && wanted.error) {
    EXPECT_EQ(got.error->value(), wanted.error->value());
    EXPECT_EQ(category_of(*got.error), category_of(*wanted.error));
  }
  EXPECT_EQ(got.bytes, wanted.bytes);
  EXPECT_EQ(got.count, wanted.count);
  EXPECT_EQ(got.port, wanted.port);
  EXPECT_EQ(got.duration, wanted.duration);
  EXPECT_EQ(got.code, wanted.code);
  EXPECT_EQ(got.level, wanted.level);
  EXPECT_EQ(got.option, wanted.option);
  EXPECT_EQ(got.digest, wanted.digest);
}

TEST(EventRecord, ComesBackAsItWasForEveryEventAndEveryFieldThatItMayHave) {
  for (unsigned event = 0; event <= kLast; ++event) {
    const unsigned allowed = allowed_fields(static_cast<Event>(event));
    for (unsigned present = 0; present < kFields; ++present) {
      const LoggedEvent written{static_cast<Severity>(present % 4), static_cast<Event>(event), fields_of(present)};
      const auto read = decode(encode(written));
      ASSERT_TRUE(read) << event << ' ' << present;
      EXPECT_EQ(read->event, written.event);
      EXPECT_EQ(read->severity, written.severity);
      expect_equal(read->fields, fields_of(present & allowed));   // the others are left out
    }
  }
}

TEST(EventRecord, KeepsEveryErrorCategoryOfTheListAndCallsTheOthersOther) {
  for (unsigned number = 0; number <= static_cast<unsigned>(last_error_category); ++number) {
    const auto category = static_cast<ErrorCategory>(number);
    EventFields fields;
    fields.error = make_error(category, 5);
    const auto read = decode(encode({Severity::info, Event::accept_failed, fields}));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->fields.error->category().name(), std::string{name(category)});
  }
  EXPECT_EQ(category_of(make_error_code(boost::system::errc::broken_pipe)), ErrorCategory::generic);
  EXPECT_EQ(category_of(error_code{1, boost::system::system_category()}), ErrorCategory::system);
}

TEST(EventRecord, PutsNumbersThatAreOutOfBoundsInThem) {
  EventFields fields;
  fields.port = 65'536;
  fields.duration = milliseconds{-1};
  fields.code = UINT32_MAX;
  fields.level = 4;
  fields.option = 4'000'000'000;
  const auto port = decode(encode({Severity::info, Event::listening, fields}));
  const auto code = decode(encode({Severity::info, Event::session_closed, fields}));
  const auto level = decode(encode({Severity::info, Event::lockdown, fields}));
  const auto option = decode(encode({Severity::info, Event::needs_restart, fields}));
  ASSERT_TRUE(port && code && level && option);
  EXPECT_EQ(option->fields.option, options().size() - 1);
  EXPECT_EQ(port->fields.port, 65'535U);
  EXPECT_EQ(code->fields.code, 65'535U);
  EXPECT_EQ(level->fields.level, 3U);
}

// A whole record of every event, with one byte changed to every value: what is still taken says the same or another thing
// of the grammar.
TEST(EventRecord, IsOfTheGrammarWhateverItsBytesAre) {
  std::size_t refused = 0;
  for (unsigned event = 0; event <= kLast; ++event) {
    const EventRecord good = encode({Severity::info, static_cast<Event>(event), fields_of(kFields - 1)});
    for (std::size_t at = 0; at < good.size(); ++at) {
      for (unsigned value = 0; value < 256; ++value) {
        EventRecord changed = good;
        changed[at] = static_cast<std::uint8_t>(value);
        const auto read = decode(changed);
        refused += read ? 0 : 1;
        if (!read) continue;
        ASSERT_LE(static_cast<unsigned>(read->event), kLast);
        ASSERT_LE(static_cast<unsigned>(read->severity), static_cast<unsigned>(Severity::error));
        ASSERT_EQ(present_fields(read->fields) & ~allowed_fields(read->event), 0);
        ASSERT_LE(read->fields.port.value_or(0), 65'535U);
        ASSERT_LE(read->fields.level.value_or(0), 3U);
        ASSERT_LT(read->fields.option.value_or(0), options().size());
        ASSERT_EQ(encode(*read), changed);
      }
    }
  }
  EXPECT_GT(refused, 100'000U);
}

TEST(EventRecord, IsRefusedForAnUnknownEventSeverityCategoryOrField) {
  const EventRecord good = encode({Severity::error, Event::accept_failed, fields_of(error_field)});
  ASSERT_TRUE(decode(good));
  const struct { std::size_t at; std::uint8_t value; } broken[] = {
      {0, kLast + 1}, {1, 4}, {2, 0}, {2, error_field | count_field}, {3, 0x80}, {4, static_cast<std::uint8_t>(last_error_category) + 1},
      {5, 1}, {12, 1}, {16, 1}, {20, 1}, {24, 'a'}, {40, 'a'}, {48, 1}, {56, 1}, {64, 'a'}, {95, 'a'}};
  for (const auto& [at, value] : broken) {
    EventRecord changed = good;
    changed[at] = value;
    EXPECT_FALSE(decode(changed)) << at;
  }
}

}  // namespace
}  // namespace lethe::ops
