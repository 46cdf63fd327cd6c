#pragma once
// What the contract's suites share. Every engine is named here once; each rule is then tried on each of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "support/mailbox_world.hpp"

namespace lethe::test {

using mailbox::Fate;
using mailbox::RecallStatus;
using mailbox::Refusal;
using mailbox::Urgency;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

struct NamedEngine {
  std::string name;
  EngineFactory make;
  friend void PrintTo(const NamedEngine& engine, std::ostream* out) { *out << engine.name; }
};

inline const NamedEngine kEngines[] = {{"memory", MemoryEngine::make}};

class EngineContract : public testing::TestWithParam<NamedEngine> {
 protected:
  // A world with these limits; once a test.
  MailboxWorld& start(const Limits& limits = {}) {
    world_ = std::make_unique<MailboxWorld>(GetParam().make, limits);
    return *world_;
  }
  void TearDown() override {
    if (world_ != nullptr) {
      EXPECT_TRUE(world_->engine->consistent());
    }
  }

  Device alice{1};
  Device bob{2};
  Device carol{3};

 private:
  std::unique_ptr<MailboxWorld> world_;
};

inline std::string engine_name(const testing::TestParamInfo<NamedEngine>& info) { return info.param.name; }

// LETHE_CONTRACT_SUITE(Delivery): a suite of the contract, tried on every engine.
#define LETHE_CONTRACT_SUITE(Suite)      \
  class Suite : public EngineContract {}; \
  INSTANTIATE_TEST_SUITE_P(Engine, Suite, testing::ValuesIn(kEngines), engine_name)

}  // namespace lethe::test
