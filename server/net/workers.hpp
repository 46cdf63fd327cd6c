#pragma once
#include <boost/asio/post.hpp>

#include "net/relay_context.hpp"
#include "net/worker.hpp"

namespace lethe::net {

// Does it on each worker's thread.
template <class Operation>
void for_each_worker(RelayContext& relay, Operation operation) {
  for (const auto& worker : relay.workers) asio::post(worker->context(), [&worker = *worker, operation] { operation(worker); });
}

}  // namespace lethe::net
