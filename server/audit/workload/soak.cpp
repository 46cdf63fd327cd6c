// Many messages between a hundred sessions, each collected at once. Half of the sessions are closed then, the others stay.
#include "audit/workload/stages.hpp"

namespace lethe::audit {
namespace {

constexpr unsigned pairs = 50;
constexpr unsigned marked_each = 100;   // an id in so many is searched for: each makes the search slower

struct Pair {
  Device recipient;
  Client sender;
  Client reader;
  unsigned delivered = 0;
};

}  // namespace

void soak(Play& play) {
  std::vector<Pair> all;
  for (unsigned number = 0; number < pairs; ++number) {
    const auto encoding = number % 2 == 0 ? play.scenario.encoding : play.cast.other_encoding();
    const Device recipient = play.cast.device();
    all.push_back({recipient, play.cast.enter(play.cast.device(), encoding), play.cast.enter(recipient, encoding), 0});
  }
  const std::vector<std::size_t> sizes = play.cast.sizes();
  for (unsigned number = 0; number < play.scenario.soak; ++number) {
    Pair& pair = all[number % pairs];
    // The smallest size has no block to be found by, the largest only costs time.
    const std::size_t size = sizes[1 + number / pairs % (sizes.size() - 2)];
    pair.sender.post(play.cast.mail(pair.recipient, size, number % marked_each == 0));
    pair.reader.await_deliveries(++pair.delivered);
    pair.reader.settle();
  }
  for (unsigned number = 0; number < pairs; number += 2) {
    play.keep(std::move(all[number].sender));
    play.keep(std::move(all[number].reader));
  }
}

}  // namespace lethe::audit
