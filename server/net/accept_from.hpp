#pragma once
// A connection of a listening socket, without an io_context: which thread will watch it is decided later.
#include <boost/asio/ip/address.hpp>

#include <lethe/base/result.hpp>

#include "base/descriptor.hpp"

namespace lethe::net {

struct Accepted {
  Descriptor socket;                 // non-blocking
  boost::asio::ip::address peer;
};

// would_block where nobody waits; another error where there is no descriptor or memory for one. Connections that were given up
// before they were accepted are passed over. Does not wait.
Result<Accepted> accept_from(int listener) noexcept;

}  // namespace lethe::net
