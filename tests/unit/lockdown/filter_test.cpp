#include "lockdown/filter.hpp"

#include <linux/audit.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/lockdown/filter_cases.hpp"
#include "support/bpf_emulator.hpp"

namespace lethe::lockdown {
namespace {

constexpr unsigned last_number = 600;

std::uint32_t audit_name(Architecture architecture) {
  return architecture == Architecture::x86_64 ? AUDIT_ARCH_X86_64 : AUDIT_ARCH_AARCH64;
}

struct Variant {
  Architecture architecture;
  Stage stage;
};

class Filter : public ::testing::TestWithParam<Variant> {
 protected:
  std::uint32_t answer(std::uint32_t number, const Arguments& arguments = {}) const {
    return answer_from(audit_name(GetParam().architecture), number, arguments);
  }
  std::uint32_t answer_from(std::uint32_t architecture, std::uint32_t number, const Arguments& arguments) const {
    seccomp_data call{};
    call.nr = static_cast<int>(number);
    call.arch = architecture;
    std::ranges::copy(arguments, call.args);
    return testing::evaluate(program_, call);
  }
  // What stands in the table for a number; EPERM where nothing does.
  Verdict expected(unsigned number) const {
    for (const NumberedCall& call : numbered_calls()) {
      if (call.number(GetParam().architecture) == static_cast<int>(number)) return call.verdict(GetParam().stage);
    }
    return Verdict::eperm;
  }

  const FilterProgram program_ = build_filter(GetParam().architecture, GetParam().stage, sample_writable()).value();
};

std::optional<std::uint32_t> answer_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::allowed: return SECCOMP_RET_ALLOW;
    case Verdict::eperm: return SECCOMP_RET_ERRNO | EPERM;
    case Verdict::eacces: return SECCOMP_RET_ERRNO | EACCES;
    case Verdict::enosys: return SECCOMP_RET_ERRNO | ENOSYS;
    case Verdict::killed: return SECCOMP_RET_KILL_PROCESS;
    case Verdict::depends: break;
  }
  return std::nullopt;
}

TEST_P(Filter, AnswersEveryNumberAsItShallWhateverTheArguments) {
  constexpr Arguments none{};
  constexpr Arguments full{~0ULL, ~0ULL, ~0ULL, ~0ULL, ~0ULL, ~0ULL};
  for (unsigned number = 0; number <= last_number; ++number) {
    const auto wanted = answer_of(expected(number));
    for (const Arguments& arguments : {none, full}) {
      const std::uint32_t got = answer(number, arguments);
      if (wanted) EXPECT_EQ(got, *wanted) << number;
      else EXPECT_THAT(got, ::testing::AnyOf(SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO | EPERM)) << number;
    }
  }
}

TEST_P(Filter, LooksAtTheArguments) {
  for (const ArgumentCase& one : argument_cases()) {
    const auto row = std::ranges::find(numbered_calls(), one.call, &NumberedCall::name);
    ASSERT_NE(row, numbered_calls().end()) << one.call;
    // What the serving stage says holds in the starting one too, but for what that adds.
    const bool added = row->serving == Verdict::eperm;
    if (one.stage != GetParam().stage && added) continue;
    const auto number = static_cast<std::uint32_t>(row->number(GetParam().architecture));
    const std::uint32_t wanted = one.allowed ? SECCOMP_RET_ALLOW : SECCOMP_RET_ERRNO | EPERM;
    EXPECT_EQ(answer(number, one.arguments), wanted) << one.call << ": " << one.what;
  }
}

TEST_P(Filter, KillsWhoeverCallsFromAnotherArchitecture) {
  const std::uint32_t own = audit_name(GetParam().architecture);
  constexpr std::array<std::uint32_t, 6> all{AUDIT_ARCH_I386, AUDIT_ARCH_X86_64, AUDIT_ARCH_ARM, AUDIT_ARCH_AARCH64, 0, ~0U};
  for (const std::uint32_t foreign : all) {
    if (foreign == own) continue;
    for (unsigned number = 0; number <= last_number; ++number) {
      EXPECT_EQ(answer_from(foreign, number, {}), SECCOMP_RET_KILL_PROCESS) << number;
    }
  }
}

TEST_P(Filter, LetsNothingThroughBehindTheLastNumber) {
  const bool x86 = GetParam().architecture == Architecture::x86_64;
  for (unsigned number = 0; number <= last_number; ++number) {
    const std::uint32_t x32 = 0x4000'0000U | number;
    EXPECT_EQ(answer(x32), x86 ? SECCOMP_RET_KILL_PROCESS : SECCOMP_RET_ERRNO | EPERM) << number;
  }
  // What a tracer that skips a call leaves in its place.
  EXPECT_EQ(answer(~0U), SECCOMP_RET_ERRNO | EPERM);
}

TEST_P(Filter, LetsNothingBeWrittenWhereTheListIsEmpty) {
  const auto empty = build_filter(GetParam().architecture, GetParam().stage, {}).value();
  seccomp_data call{};
  call.arch = audit_name(GetParam().architecture);
  call.nr = GetParam().architecture == Architecture::x86_64 ? 1 : 64;
  EXPECT_EQ(testing::evaluate(empty, call), SECCOMP_RET_ERRNO | EPERM);
}

TEST_P(Filter, IsTheSameProgramEveryTime) {
  const auto again = build_filter(GetParam().architecture, GetParam().stage, sample_writable()).value();
  EXPECT_TRUE(std::ranges::equal(bytes_of(program_), bytes_of(again)));
  const std::vector<Writable> other{{5, 8}, {7, 4}, {10, 4'096}};
  const auto different = build_filter(GetParam().architecture, GetParam().stage, other).value();
  EXPECT_FALSE(std::ranges::equal(bytes_of(program_), bytes_of(different)));
}

INSTANTIATE_TEST_SUITE_P(Variants, Filter,
                         ::testing::Values(Variant{Architecture::x86_64, Stage::serving},
                                           Variant{Architecture::x86_64, Stage::starting},
                                           Variant{Architecture::aarch64, Stage::serving},
                                           Variant{Architecture::aarch64, Stage::starting}),
                         [](const auto& variant) {
                           return std::string{variant.param.architecture == Architecture::x86_64 ? "X86_64" : "AArch64"} +
                                  (variant.param.stage == Stage::serving ? "Serving" : "Starting");
                         });

}  // namespace
}  // namespace lethe::lockdown
