#include <gtest/gtest.h>

#include <cstdlib>

#include "simulation/simulation.hpp"

namespace lethe::test {
namespace {

std::uint64_t chosen(const char* variable, std::uint64_t otherwise) {
  const char* const text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class Run : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Run, AgreesWithTheModelAtEveryStep) {
  const std::uint64_t seed = chosen("SIMULATION_SEED", GetParam());
  const std::uint64_t steps = chosen("SIMULATION_STEPS", 20'000);
  SCOPED_TRACE("SIMULATION_SEED=" + std::to_string(seed) + " SIMULATION_STEPS=" + std::to_string(steps));
  Simulation simulation{seed};
  ASSERT_EQ(simulation.run(steps), "");
  EXPECT_EQ(simulation.drain(), "");
}

INSTANTIATE_TEST_SUITE_P(Seed, Run, testing::Range<std::uint64_t>(1, 13));

}  // namespace
}  // namespace lethe::test
