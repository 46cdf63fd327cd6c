// The payload offers its size and nothing else.
#include <utility>

#include <lethe/mailbox/payload.hpp>
#include <lethe/wire/messages.hpp>

using lethe::mailbox::Payload;
using lethe::mailbox::PayloadKey;
using lethe::mailbox::ShareKey;

std::size_t use(Payload& first, Payload& second, const lethe::wire::PayloadSource& source) {
#if BAD == 1
  Payload third = first;
#else
  Payload third = std::move(first);
#endif
#if BAD == 2
  third = second;
#else
  third = std::move(second);
#endif
#if BAD == 3
  bool same = first == second;
#elif BAD == 4
  bool same = first < second;
#else
  bool same = first.size() == second.size();
#endif
  std::size_t count = same;
#if BAD == 5
  for (auto byte : first) count += byte;
#elif BAD == 6
  count += *first.begin();
#elif BAD == 7
  count += first.readable().size();
#elif BAD == 8
  PayloadKey key;
#elif BAD == 9
  count += first.readable(PayloadKey{}).size();
#elif BAD == 10
  count += first.share(ShareKey{}).size();
#elif BAD == 11
  count += first.block_ != nullptr;
#elif BAD == 12
  count += source.at_.size();
#else
  count += first.size() + source.size();
#endif
  return count;
}
