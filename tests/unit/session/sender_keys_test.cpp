#include "session/sender_keys.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/session_probe.hpp"

namespace lethe::session {
namespace {

using mailbox::SenderKey;
using mailbox::TopicKey;
using test::address_of;

const KeyedHash hash{KeyedHash::Key{4, 5, 6}};

TEST(SenderKey, NamesADeviceUnderTheRelaysKeyAlone) {
  EXPECT_EQ(device_sender(address_of(1), hash), device_sender(address_of(1), hash));
  EXPECT_NE(device_sender(address_of(1), hash), device_sender(address_of(2), hash));
  EXPECT_NE(device_sender(address_of(1), hash), device_sender(address_of(1), KeyedHash{KeyedHash::Key{7}}));
  EXPECT_NE(static_cast<std::uint64_t>(device_sender(address_of(1), hash)), hash(address_of(1).bytes))
      << "the plain hash of an address has another use";
}

TEST(SenderKey, IsNeverNobody) {
  EXPECT_NE(invite_sender(0), SenderKey{});
  EXPECT_EQ(invite_sender(77), SenderKey{77});
}

TEST(TopicKey, BelongsToASenderAndItsTopic) {
  const SenderKey one{1};
  EXPECT_EQ(topic_key(one, "", hash), TopicKey{});
  EXPECT_NE(topic_key(one, "a", hash), TopicKey{});
  EXPECT_EQ(topic_key(one, "a", hash), topic_key(one, "a", hash));
  EXPECT_NE(topic_key(one, "a", hash), topic_key(one, "b", hash));
  EXPECT_NE(topic_key(one, "a", hash), topic_key(SenderKey{2}, "a", hash));
}

TEST(UsedInvites, KeepsTheLastOnesOnce) {
  UsedInvites used;
  for (std::uint64_t i = 1; i <= UsedInvites::capacity; ++i) used.remember(SenderKey{i});
  used.remember(SenderKey{1});
  EXPECT_EQ(used.senders().size(), UsedInvites::capacity);
  used.remember(SenderKey{1'000});
  used.remember(SenderKey{1'001});
  EXPECT_EQ(used.senders().size(), UsedInvites::capacity);
  const auto has = [&used](std::uint64_t key) { return std::ranges::count(used.senders(), SenderKey{key}); };
  EXPECT_EQ(has(1), 0);
  EXPECT_EQ(has(2), 0);
  EXPECT_EQ(has(3), 1);
  EXPECT_EQ(has(1'000), 1);
  EXPECT_EQ(has(1'001), 1);
}

}  // namespace
}  // namespace lethe::session
