#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/wire/naive.hpp"
#include "unit/wire/outgoing.hpp"
#include "wire/payload_reader.hpp"

namespace lethe::wire {
namespace {

using Outcome = PayloadWriter::Outcome;

class PayloadCodec : public testing::Test {
 protected:
  Outcome store_text(std::string_view text, std::size_t size) {
    const PayloadSource source{{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, size, Encoding::json};
    const PayloadWriter::Stored stored = PayloadWriter::store(source, shard());
    EXPECT_EQ(stored.payload.size(), stored.outcome == Outcome::stored ? size : 0);
    return stored.outcome;
  }
  ArenaShard& shard() { return arena_.shard(0); }

  Arena arena_{Arena::Options{.size = 1 << 20, .locking = MemoryLocking::off, .shards = 1}};
};

TEST_F(PayloadCodec, StoresAndReadsEverySizeInBothEncodings) {
  for (std::size_t size = 0; size < 70; ++size) {
    naive::Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(37 * i + size);
    const std::string text = naive::base64url(bytes);
    const PayloadSource source{{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, size, Encoding::json};
    const PayloadWriter::Stored stored = PayloadWriter::store(source, shard());
    ASSERT_EQ(stored.outcome, Outcome::stored);
    ASSERT_EQ(PayloadReader::encoded_size(stored.payload, Encoding::binary), size);
    ASSERT_EQ(PayloadReader::encoded_size(stored.payload, Encoding::json), text.size());
    naive::Bytes out(size);
    PayloadReader::copy(stored.payload, Encoding::binary, out);
    EXPECT_EQ(out, bytes);
    out.assign(text.size() + 1, '#');
    PayloadReader::copy(stored.payload, Encoding::json, out);
    EXPECT_EQ(std::string(out.begin(), out.end()), text + "#");
  }
}

TEST_F(PayloadCodec, KeepsNothingOfATextThatIsNotBase64url) {
  EXPECT_EQ(store_text("AAAA", 3), Outcome::stored);
  for (const char* const text : {"___=", "__+_", "__ _", "___\""}) EXPECT_EQ(store_text(text, 3), Outcome::malformed) << text;
  EXPECT_EQ(store_text("__B", 2), Outcome::malformed);
  EXPECT_EQ(store_text("____", 2), Outcome::malformed);
  EXPECT_EQ(store_text("____", 4), Outcome::malformed);
  EXPECT_EQ(arena_.used(), 0U);
  // The same block again, with nothing of what was decoded before the fault was found.
  ArenaBlock* const block = shard().allocate(3);
  EXPECT_THAT(block->bytes(), testing::Each(0));
  block->release();
}

TEST_F(PayloadCodec, SaysThatTheArenaIsFull) {
  const std::string large(100'000, 'x');
  const PayloadSource source{{reinterpret_cast<const std::uint8_t*>(large.data()), large.size()}, large.size(), Encoding::binary};
  std::vector<mailbox::Payload> held;
  Outcome outcome = Outcome::stored;
  for (int i = 0; i < 20 && outcome == Outcome::stored; ++i) {
    PayloadWriter::Stored stored = PayloadWriter::store(source, shard());
    outcome = stored.outcome;
    held.push_back(std::move(stored.payload));
  }
  EXPECT_EQ(outcome, Outcome::arena_full);
}

TEST_F(PayloadCodec, CallsAPayloadLargerThanAnyBlockAFullArena) {
  const std::string large(Arena::largest_block + 1, 'x');
  const PayloadSource source{{reinterpret_cast<const std::uint8_t*>(large.data()), large.size()}, large.size(), Encoding::binary};
  EXPECT_EQ(PayloadWriter::store(source, shard()).outcome, Outcome::arena_full);
}

}  // namespace
}  // namespace lethe::wire
