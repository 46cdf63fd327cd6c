#include "net/watch.hpp"

#include <sys/epoll.h>

#include <boost/asio/post.hpp>

#include "base/check.hpp"
#include "net/readiness.hpp"

namespace lethe::net {

Watch::~Watch() {
  LETHE_CHECK(!readable_.waiting && !writable_.waiting);
  readiness_->forget(*this);
}

Executor Watch::executor() const noexcept { return readiness_->executor(); }

void Watch::begin(Event event, Waiting waiting) {
  if (socket_ < 0) return post(std::move(waiting), asio::error::operation_aborted);
  Side& side = event == Event::readable ? readable_ : writable_;
  if (!registered_) {
    if (const error_code error = readiness_->add(socket_, *this)) return post(std::move(waiting), error);
    registered_ = true;
  }
  if (std::exchange(side.ready, false)) return post(std::move(waiting), {});
  const bool alone = !side.waiting;
  side.waiting.join(std::move(waiting));
  if (alone) readiness_->one_more_waits();
}

void Watch::post(Waiting waiting, error_code error) {
  asio::post(executor(), [waiting = std::move(waiting), error]() mutable { std::move(waiting).complete(error); });
}

Waiting Watch::take(Side& side) {
  side.ready = !side.waiting;
  if (!side.ready) readiness_->one_fewer_waits();
  return std::move(side.waiting);
}

void Watch::happened(std::uint32_t events) {
  constexpr std::uint32_t broken = EPOLLERR | EPOLLHUP;
  if ((events & (broken | EPOLLRDHUP)) != 0) ended_ = true;
  Waiting writer;
  Waiting reader;
  if ((events & (broken | EPOLLOUT)) != 0) writer = take(writable_);
  if ((events & (broken | EPOLLRDHUP | EPOLLIN)) != 0) reader = take(readable_);
  // Either may be the end of this.
  std::move(writer).complete({});
  std::move(reader).complete({});
}

void Watch::close() {
  readiness_->forget(*this);
  socket_ = -1;
  for (Side* const side : {&readable_, &writable_}) {
    if (!side->waiting) continue;
    readiness_->one_fewer_waits();
    post(std::move(side->waiting), asio::error::operation_aborted);
  }
}

void Watch::move_to(Readiness& readiness) noexcept {
  LETHE_CHECK(!readable_.waiting && !writable_.waiting);
  readiness_->remove(socket_, *this);
  readiness_ = &readiness;
  registered_ = readable_.ready = writable_.ready = false;
}

}  // namespace lethe::net
