// One identifier does not stand in for another, nor a number for one.
#include <lethe/base/ids.hpp>

bool use(const lethe::Address& address, const lethe::Address& other, const lethe::Nonce& nonce) {
#if BAD == 1
  const lethe::MessageId id = address;
#else
  const lethe::Address id = address;
#endif
#if BAD == 2
  const bool same = id == nonce;
#else
  const bool same = id == other;
#endif
#if BAD == 3
  const lethe::Epoch epoch = 7;
#else
  const lethe::Epoch epoch{7};
#endif
  return same && epoch != lethe::Epoch{} && nonce.bytes[0] != 0;
}
