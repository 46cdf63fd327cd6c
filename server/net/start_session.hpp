#pragma once
// How the listener begins a session, without the templates behind it.
#include <boost/asio/ip/address.hpp>

#include "base/descriptor.hpp"
#include "net/source_limits.hpp"

namespace lethe::net {

class Worker;

// A connection as the listener hands it over.
struct Arrival {
  Descriptor socket;                        // connected and non-blocking
  boost::asio::ip::address peer;
  bool judged = false;                      // false: a trusted proxy speaks for it, its request will tell the source
  SourceLimits::Answer answer{};
};

// On the worker's thread.
void start_session(Worker& worker, Arrival arrival);

}  // namespace lethe::net
