#pragma once
// A socket that another process has bound, and that listens.
#include "net/executor.hpp"

namespace lethe::net {

// Whether it has the address that is wanted; port 0 wants any.
inline bool fits(const tcp::endpoint& wanted, const tcp::endpoint& bound) {
  return bound.address() == wanted.address() && (wanted.port() == 0 || wanted.port() == bound.port());
}

// Takes `inherited` (-1: none) over where it is bound to what is wanted, and closes it else.
template <class Acceptor>
bool assign_inherited(Acceptor& acceptor, const tcp::endpoint& wanted, int inherited) {
  if (inherited < 0) return false;
  error_code error;
  acceptor.assign(wanted.protocol(), inherited, error);
  const tcp::endpoint bound = error ? tcp::endpoint{} : acceptor.local_endpoint(error);
  if (!error && fits(wanted, bound)) return true;
  acceptor.close(error);
  return false;
}

}  // namespace lethe::net
