#include "ops/pipe_event_log.hpp"

#include <cstring>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "unit/ops/fields.hpp"
#include "unit/ops/pipe.hpp"

namespace lethe::ops {
namespace {

std::vector<LoggedEvent> events_in(const std::string& bytes) {
  EXPECT_EQ(bytes.size() % sizeof(EventRecord), 0U);
  std::vector<LoggedEvent> events;
  for (std::size_t at = 0; at + sizeof(EventRecord) <= bytes.size(); at += sizeof(EventRecord)) {
    EventRecord record;
    std::memcpy(record.data(), bytes.data() + at, record.size());
    const auto event = decode(record);
    EXPECT_TRUE(event);
    if (event) events.push_back(*event);
  }
  return events;
}

TEST(PipeEventLog, WritesARecordForAnEvent) {
  const test::Pipe pipe;
  PipeEventLog log{pipe.out.get(), Severity::debug};
  log.write(Severity::warning, Event::listening, test::at_port(8'443));
  const auto events = events_in(pipe.take());
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].severity, Severity::warning);
  EXPECT_EQ(events[0].event, Event::listening);
  EXPECT_EQ(events[0].fields.port, 8'443U);
}

TEST(PipeEventLog, DropsWhatIsBelowItsLevel) {
  const test::Pipe pipe;
  PipeEventLog log{pipe.out.get(), Severity::warning};
  log.write(Severity::info, Event::listening);
  EXPECT_EQ(pipe.take(), "");
  log.write(Severity::warning, Event::listening);
  EXPECT_EQ(events_in(pipe.take()).size(), 1U);
}

TEST(PipeEventLog, DoesNotWaitForAFullPipeAndSaysLaterWhatWasLost) {
  const test::Pipe pipe;
  PipeEventLog log{pipe.out.get(), Severity::info};
  ASSERT_GT(pipe.fill(), 0U);
  for (int i = 0; i < 3; ++i) log.write(Severity::info, Event::draining);
  pipe.take();
  log.write(Severity::info, Event::stopped);
  log.write(Severity::info, Event::stopped);
  const auto events = events_in(pipe.take());
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0].event, Event::records_lost);
  EXPECT_EQ(events[0].fields.count, 3U);
  EXPECT_EQ(events[1].event, Event::stopped);
  EXPECT_EQ(events[2].event, Event::stopped);
}

TEST(PipeEventLog, WritesWholeRecordsFromSeveralThreads) {
  const test::Pipe pipe;
  ::fcntl(pipe.out.get(), F_SETPIPE_SZ, 262'144);
  PipeEventLog log{pipe.out.get(), Severity::info};
  {
    std::vector<std::jthread> threads;
    for (std::uint64_t thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&log, thread] {
        for (std::uint64_t n = 0; n < 100; ++n) log.write(Severity::info, Event::drained, test::counted(thread * 1'000 + n));
      });
    }
  }
  std::array<std::uint64_t, 4> next{};
  for (const LoggedEvent& event : events_in(pipe.take())) {
    const std::uint64_t thread = *event.fields.count / 1'000;
    EXPECT_EQ(*event.fields.count % 1'000, next.at(thread)++);
  }
  EXPECT_EQ(next, (std::array<std::uint64_t, 4>{100, 100, 100, 100}));
}

}  // namespace
}  // namespace lethe::ops
