#pragma once
// The ids of the messages handled last, so that a redelivery is acknowledged and not handled again.
#include <cstddef>
#include <deque>
#include <set>

#include <lethe/base/ids.hpp>

namespace lethe::client {

// Bounded: beyond `most` the oldest id is forgotten. Ordered set, because the ids are chosen by strangers.
class SeenIds {
 public:
  explicit SeenIds(std::size_t most) : most_(most) {}

  bool contains(const MessageId& id) const { return ids_.contains(id); }
  void insert(const MessageId& id);

 private:
  std::size_t most_;
  std::set<MessageId> ids_;
  std::deque<MessageId> order_;
};

}  // namespace lethe::client
