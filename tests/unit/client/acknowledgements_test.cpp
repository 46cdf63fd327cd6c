#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/acknowledgements.hpp"
#include "client/seen_ids.hpp"
#include "unit/client/samples.hpp"

namespace lethe::client {
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Acknowledgements, CoverARunWithOneNumber) {
  Acknowledgements acknowledgements;
  for (Seq seq : {3, 4, 9}) acknowledgements.delivered(seq);
  for (Seq seq : {3, 4, 9}) acknowledgements.handled(seq);
  const auto ack = acknowledgements.take();
  EXPECT_EQ(ack.up_to, 9u);
  EXPECT_THAT(ack.seqs, IsEmpty());
  EXPECT_TRUE(acknowledgements.take().empty());
}

TEST(Acknowledgements, StopBelowTheFirstThatIsUnhandled) {
  Acknowledgements acknowledgements;
  for (Seq seq : {1, 2, 3, 4}) acknowledgements.delivered(seq);
  for (Seq seq : {4, 1, 3}) acknowledgements.handled(seq);
  auto ack = acknowledgements.take();
  EXPECT_EQ(ack.up_to, 1u);
  EXPECT_THAT(ack.seqs, ElementsAre(3, 4));
  acknowledgements.delivered(5);
  acknowledgements.handled(5);
  ack = acknowledgements.take();
  EXPECT_EQ(ack.up_to, 0u);
  EXPECT_THAT(ack.seqs, ElementsAre(5));
  acknowledgements.handled(2);
  EXPECT_EQ(acknowledgements.take().up_to, 2u);
}

TEST(Acknowledgements, NameEachSeqOnceOneArrivedOutOfOrder) {
  Acknowledgements acknowledgements;
  for (Seq seq : {5, 3}) acknowledgements.delivered(seq);
  for (Seq seq : {5, 3}) acknowledgements.handled(seq);
  const auto ack = acknowledgements.take();
  EXPECT_EQ(ack.up_to, 0u);
  EXPECT_THAT(ack.seqs, ElementsAre(3, 5));
}

TEST(Acknowledgements, NameEachSeqWhereLowerOnesMayStillBeOnTheirWay) {
  Acknowledgements acknowledgements;
  acknowledgements.delivered(5);
  acknowledgements.handled(5);
  acknowledgements.forbid_cumulative();
  EXPECT_THAT(acknowledgements.take().seqs, ElementsAre(5));
}

TEST(Acknowledgements, KeepSilentAboutWhatWasNotDelivered) {
  Acknowledgements acknowledgements;
  acknowledgements.handled(5);
  EXPECT_TRUE(acknowledgements.take().empty());
}

TEST(Acknowledgements, FitTheCountOfARecord) {
  Acknowledgements acknowledgements;
  acknowledgements.forbid_cumulative();
  for (Seq seq = 1; seq <= 65'536; ++seq) acknowledgements.delivered(seq);
  for (Seq seq = 1; seq <= 65'536; ++seq) acknowledgements.handled(seq);
  EXPECT_EQ(acknowledgements.take().seqs.size(), 65'535u);
  EXPECT_EQ(acknowledgements.take().seqs.size(), 1u);
}

TEST(SeenIds, ForgetTheOldestBeyondTheirBound) {
  SeenIds seen(2);
  seen.insert(samples::fixed<MessageId>(1));
  seen.insert(samples::fixed<MessageId>(1));
  seen.insert(samples::fixed<MessageId>(2));
  EXPECT_TRUE(seen.contains(samples::fixed<MessageId>(1)));
  seen.insert(samples::fixed<MessageId>(3));
  EXPECT_FALSE(seen.contains(samples::fixed<MessageId>(1)));
  EXPECT_TRUE(seen.contains(samples::fixed<MessageId>(2)));
  EXPECT_TRUE(seen.contains(samples::fixed<MessageId>(3)));
}

}  // namespace lethe::client
