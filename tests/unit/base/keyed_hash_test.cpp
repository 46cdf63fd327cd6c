#include "base/keyed_hash.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace lethe {
namespace {

// The authors' test vectors, which are of SipHash-2-4 with 64-bit output: key 00 01 … 0f, input the first n bytes of
// 00 01 02 …. They prove slow_siphash, which is what the tests compare with.
constexpr std::array<std::uint64_t, 64> kAuthors{
    0x726fdb47dd0e0e31U, 0x74f839c593dc67fdU, 0x0d6c8009d9a94f5aU, 0x85676696d7fb7e2dU,
    0xcf2794e0277187b7U, 0x18765564cd99a68dU, 0xcbc9466e58fee3ceU, 0xab0200f58b01d137U,
    0x93f5f5799a932462U, 0x9e0082df0ba9e4b0U, 0x7a5dbbc594ddb9f3U, 0xf4b32f46226bada7U,
    0x751e8fbc860ee5fbU, 0x14ea5627c0843d90U, 0xf723ca908e7af2eeU, 0xa129ca6149be45e5U,
    0x3f2acc7f57c29bdbU, 0x699ae9f52cbe4794U, 0x4bc1b3f0968dd39cU, 0xbb6dc91da77961bdU,
    0xbed65cf21aa2ee98U, 0xd0f2cbb02e3b67c7U, 0x93536795e3a33e88U, 0xa80c038ccd5ccec8U,
    0xb8ad50c6f649af94U, 0xbce192de8a85b8eaU, 0x17d835b85bbb15f3U, 0x2f2e6163076bcfadU,
    0xde4daaaca71dc9a5U, 0xa6a2506687956571U, 0xad87a3535c49ef28U, 0x32d892fad841c342U,
    0x7127512f72f27cceU, 0xa7f32346f95978e3U, 0x12e0b01abb051238U, 0x15e034d40fa197aeU,
    0x314dffbe0815a3b4U, 0x027990f029623981U, 0xcadcd4e59ef40c4dU, 0x9abfd8766a33735cU,
    0x0e3ea96b5304a7d0U, 0xad0c42d6fc585992U, 0x187306c89bc215a9U, 0xd4a60abcf3792b95U,
    0xf935451de4f21df2U, 0xa9538f0419755787U, 0xdb9acddff56ca510U, 0xd06c98cd5c0975ebU,
    0xe612a3cb9ecba951U, 0xc766e62cfcadaf96U, 0xee64435a9752fe72U, 0xa192d576b245165aU,
    0x0a8787bf8ecb74b2U, 0x81b3e73d20b49b6fU, 0x7fa8220ba3b2eceaU, 0x245731c13ca42499U,
    0xb78dbfaf3a8d83bdU, 0xea1ad565322a1a0bU, 0x60e61c23a3795013U, 0x6606d7e446282b93U,
    0x6ca4ecb15c5f91e1U, 0x9f626da15c9625f3U, 0xe51b38608ef25f57U, 0x958a324ceb064572U,
};

KeyedHash::Key counting_key() {
  KeyedHash::Key key{};
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::uint8_t>(i);
  return key;
}

std::vector<std::uint8_t> counting_bytes(std::size_t size) {
  std::vector<std::uint8_t> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i);
  return bytes;
}

// SipHash by its definition, byte by byte: `c` rounds a word, `d` at the end.
std::uint64_t slow_siphash(int c, int d, const KeyedHash::Key& key, std::vector<std::uint8_t> bytes) {
  const std::size_t length = bytes.size();
  while (bytes.size() % 8 != 7) bytes.push_back(0);
  bytes.push_back(static_cast<std::uint8_t>(length % 256));
  const auto word = [](const std::uint8_t* at) {
    std::uint64_t value = 0;
    for (int i = 7; i >= 0; --i) value = value * 256 + at[i];
    return value;
  };
  std::uint64_t v[4] = {0x736f6d6570736575U, 0x646f72616e646f6dU, 0x6c7967656e657261U, 0x7465646279746573U};
  for (std::size_t i = 0; i < 4; ++i) v[i] ^= word(&key[i % 2 * 8]);
  const auto left = [](std::uint64_t value, int bits) { return value << bits | value >> (64 - bits); };
  const auto rounds = [&](int count) {
    for (int i = 0; i < count; ++i) {
      v[0] += v[1];
      v[2] += v[3];
      v[1] = left(v[1], 13) ^ v[0];
      v[3] = left(v[3], 16) ^ v[2];
      v[0] = left(v[0], 32);
      v[2] += v[1];
      v[0] += v[3];
      v[1] = left(v[1], 17) ^ v[2];
      v[3] = left(v[3], 21) ^ v[0];
      v[2] = left(v[2], 32);
    }
  };
  for (std::size_t at = 0; at < bytes.size(); at += 8) {
    v[3] ^= word(&bytes[at]);
    rounds(c);
    v[0] ^= word(&bytes[at]);
  }
  v[2] ^= 0xff;
  rounds(d);
  return v[0] ^ v[1] ^ v[2] ^ v[3];
}

std::uint64_t expected(const std::vector<std::uint8_t>& bytes) { return slow_siphash(1, 3, counting_key(), bytes); }

TEST(KeyedHash, IsComparedWithWhatGivesTheAuthorsVectors) {
  for (std::size_t size = 0; size < kAuthors.size(); ++size) {
    EXPECT_EQ(slow_siphash(2, 4, counting_key(), counting_bytes(size)), kAuthors[size]) << "of " << size << " bytes";
  }
}

TEST(KeyedHash, IsSipHashWithOneRoundAndThree) {
  const KeyedHash hash(counting_key());
  for (std::size_t size = 0; size < 300; ++size) {
    const std::vector<std::uint8_t> bytes = counting_bytes(size);
    EXPECT_EQ(hash(bytes), expected(bytes)) << "of " << size << " bytes";
  }
}

TEST(KeyedHash, OfTwoPartsEqualsTheHashOfTheirConcatenation) {
  const KeyedHash hash(counting_key());
  for (std::size_t size = 0; size < 64; ++size) {
    const std::vector<std::uint8_t> bytes = counting_bytes(size);
    const std::span<const std::uint8_t> whole(bytes);
    for (std::size_t cut = 0; cut <= size; ++cut) {
      EXPECT_EQ(hash(whole.first(cut), whole.subspan(cut)), expected(bytes)) << size << " bytes cut at " << cut;
    }
  }
}

TEST(KeyedHash, OfWholeWordsIsTheSame) {
  const KeyedHash hash(counting_key());
  std::array<std::uint8_t, 32> words{};
  std::ranges::copy(counting_bytes(32), words.begin());
  EXPECT_EQ(hash(words), expected(counting_bytes(32)));

  std::array<std::uint8_t, 16> rest{};
  std::copy_n(words.begin() + 8, 16, rest.begin());
  EXPECT_EQ(hash(0x0706'0504'0302'0100U, rest), expected(counting_bytes(24)));
  EXPECT_EQ(hash(std::array<std::uint8_t, 0>{}), expected({}));

  const std::vector<std::uint8_t> bytes = counting_bytes(32 + 92);
  const std::span<const std::uint8_t> behind = std::span(bytes).subspan(32);
  EXPECT_EQ(hash(words, behind.first<92>()), expected(bytes));
  EXPECT_EQ(hash(words, behind.first<88>()), expected(counting_bytes(32 + 88)));
  EXPECT_EQ(hash(words, behind.first<3>()), expected(counting_bytes(32 + 3)));
}

TEST(KeyedHash, DependsOnEveryBitOfTheKey) {
  const std::vector<std::uint8_t> bytes = counting_bytes(16);
  const std::uint64_t base = KeyedHash(counting_key())(bytes);
  for (std::size_t bit = 0; bit < 128; ++bit) {
    KeyedHash::Key key = counting_key();
    key[bit / 8] = static_cast<std::uint8_t>(key[bit / 8] ^ (1U << (bit % 8)));
    EXPECT_NE(KeyedHash(key)(bytes), base) << "bit " << bit;
  }
}

TEST(KeyedHash, TellsInputsApartThatDifferInTrailingZeros) {
  const KeyedHash hash(counting_key());
  const std::vector<std::uint8_t> zeros(9, 0);
  const std::span<const std::uint8_t> all(zeros);
  for (std::size_t size = 0; size < zeros.size(); ++size) EXPECT_NE(hash(all.first(size)), hash(all.first(size + 1)));
}

}  // namespace
}  // namespace lethe
