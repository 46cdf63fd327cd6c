#include "client/seen_ids.hpp"

namespace lethe::client {

void SeenIds::insert(const MessageId& id) {
  if (!ids_.insert(id).second) return;
  order_.push_back(id);
  if (order_.size() <= most_) return;
  ids_.erase(order_.front());
  order_.pop_front();
}

}  // namespace lethe::client
