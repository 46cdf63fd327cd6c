#pragma once
// Where a coroutine waits until another part of its session calls. A call that finds nobody waiting is forgotten. One thread.
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "net/executor.hpp"
#include "net/waiting.hpp"

namespace lethe::net {

class Wake {
 public:
  explicit Wake(const Executor& executor) noexcept : executor_{executor} {}

  // Completes with void(error_code), without an error, from the thread's loop. One at a time.
  template <class Token>
  auto async_wait(Token&& token) {
    return asio::async_initiate<Token, void(error_code)>([this](auto&& handler) { waiting_ = Waiting::of(std::move(handler)); }, token);
  }
  void call() {
    if (!waiting_) return;
    asio::post(executor_, [waiting = std::move(waiting_)]() mutable { std::move(waiting).complete({}); });
  }

 private:
  Executor executor_;
  Waiting waiting_;
};

}  // namespace lethe::net
