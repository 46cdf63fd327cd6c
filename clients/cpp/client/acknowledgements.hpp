#pragma once
// Which deliveries of one session are to be acknowledged, batched: one `up_to` for everything below which nothing is
// unhandled, single seqs for the rest.
#include <set>
#include <vector>

#include <lethe/client/messages.hpp>

namespace lethe::client {

// One per connection. `up_to` also covers deliveries that are still on their way here; that is harmless only while seqs
// arrive in rising order. So it is not used any more once a seq arrived out of order, or after forbid_cumulative()
// (needed before the client lowers min_urgency: held-back messages with lower seqs then follow).
class Acknowledgements {
 public:
  void delivered(Seq seq);
  void handled(Seq seq);
  void forbid_cumulative() noexcept { cumulative_ = false; }

  // Everything handled since the last take; empty when there is nothing.
  Ack take();

 private:
  std::set<Seq> unhandled_;      // delivered in this session, not handled
  std::vector<Seq> handled_;     // handled, not taken
  Seq highest_ = 0;
  bool cumulative_ = true;
};

}  // namespace lethe::client
