#pragma once
// Overwrites what a thread's handlers have left on its stack, before the thread next waits: a post of its own, because it
// must run where little of the stack is in use, and because one then serves all events that came together.
#include <boost/asio/post.hpp>
#include <utility>

#include "base/stack.hpp"
#include "net/executor.hpp"

namespace lethe::net {

// One thread's; it must outlive what it posts.
class StackScrub {
 public:
  // Bytes of a message have passed through this thread's stack.
  void due(const Executor& executor) {
    if (std::exchange(due_, true)) return;
    asio::post(executor, [this] {
      due_ = false;
      scrub_stack();
    });
  }

 private:
  bool due_ = false;
};

}  // namespace lethe::net
