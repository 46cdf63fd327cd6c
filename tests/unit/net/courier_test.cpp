#include "net/courier.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace lethe::net {
namespace {

// Says its number where it is delivered.
class Numbered final : public Burden {
 public:
  Numbered(int number, std::vector<int>& heard) : number_{number}, heard_{heard} {}
  void deliver(std::unique_ptr<Burden>) override { heard_.push_back(number_); }

 private:
  int number_;
  std::vector<int>& heard_;
};

// Goes where it came from before it speaks.
class Returning final : public Burden {
 public:
  Returning(Courier& here, Courier& there, std::vector<int>& heard) : here_{here}, there_{there}, heard_{heard} {}
  void deliver(std::unique_ptr<Burden> self) override {
    if (back_) return heard_.push_back(1);
    back_ = true;
    there_.carry(here_, std::move(self));
  }

 private:
  Courier& here_;
  Courier& there_;
  std::vector<int>& heard_;
  bool back_ = false;
};

class CourierTest : public testing::Test {
 protected:
  boost::asio::io_context home{1};
  boost::asio::io_context away{1};
  StackScrub home_stack;
  StackScrub away_stack;
  Courier here{0, home, home_stack};
  Courier there{1, away, away_stack};
  std::vector<int> heard;
};

TEST_F(CourierTest, WhatComesUpWithinATurnCrossesTogetherAndInOrder) {
  for (const int number : {1, 2, 3}) here.carry(there, std::make_unique<Numbered>(number, heard));
  EXPECT_EQ(away.poll(), 0U) << "the turn isn't over";
  home.restart();
  EXPECT_EQ(home.poll(), 1U);
  away.restart();
  EXPECT_EQ(away.poll_one(), 1U);
  EXPECT_EQ(heard, (std::vector<int>{1, 2, 3}));
}

TEST_F(CourierTest, TheNextTurnHasABagOfItsOwn) {
  here.carry(there, std::make_unique<Numbered>(1, heard));
  home.poll();
  here.carry(there, std::make_unique<Numbered>(2, heard));
  home.restart();
  home.poll();
  away.poll();
  EXPECT_EQ(heard, (std::vector<int>{1, 2}));
}

TEST_F(CourierTest, ABurdenIsCarriedOn) {
  here.carry(there, std::make_unique<Returning>(here, there, heard));
  home.poll();
  away.poll();   // opens the bag, and sends one back as its turn ends
  EXPECT_TRUE(heard.empty());
  home.restart();
  home.poll();
  EXPECT_EQ(heard, std::vector<int>{1});
}

TEST_F(CourierTest, WhatIsNeverDeliveredIsDestroyed) {
  class Holding final : public Burden {
   public:
    explicit Holding(std::shared_ptr<int> held) : held_{std::move(held)} {}
    void deliver(std::unique_ptr<Burden>) override { ADD_FAILURE(); }

   private:
    std::shared_ptr<int> held_;
  };
  const auto held = std::make_shared<int>(0);
  {
    boost::asio::io_context gone{1};
    Courier nobody{2, gone, away_stack};
    here.carry(nobody, std::make_unique<Holding>(held));
    home.poll();
    EXPECT_EQ(held.use_count(), 2);
  }
  EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace lethe::net
