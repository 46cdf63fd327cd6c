#pragma once
// What each sender holds in one mailbox. Kept only for a mailbox that is full enough for one sender to be past its share
// (Depot::share_allows); a smaller one needs none.
#include <cstdint>

#include <boost/unordered/unordered_flat_map.hpp>

#include <lethe/base/limits.hpp>
#include <lethe/mailbox/message.hpp>

namespace lethe::mailbox {

struct SenderShare {
  ByteCount bytes = 0;
  std::uint32_t messages = 0;
  friend bool operator==(const SenderShare&, const SenderShare&) = default;
};

class SenderShares {
 public:
  SenderShare of(SenderKey sender) const {
    const auto found = shares_.find(static_cast<std::uint64_t>(sender));
    return found == shares_.end() ? SenderShare{} : found->second;
  }
  void add(SenderKey sender, ByteCount bytes) {
    SenderShare& share = shares_[static_cast<std::uint64_t>(sender)];
    share.bytes += bytes;
    ++share.messages;
  }
  void subtract(SenderKey sender, ByteCount bytes) {
    const auto found = shares_.find(static_cast<std::uint64_t>(sender));
    found->second.bytes -= bytes;
    if (--found->second.messages == 0) shares_.erase(found);
  }
  friend bool operator==(const SenderShares& a, const SenderShares& b) { return a.shares_ == b.shares_; }

 private:
  boost::unordered_flat_map<std::uint64_t, SenderShare> shares_;
};

}  // namespace lethe::mailbox
