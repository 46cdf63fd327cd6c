#include "net/readiness.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

namespace lethe::net {
namespace {

int make_instance() {
  const int instance = ::epoll_create1(EPOLL_CLOEXEC);
  if (instance < 0) throw std::system_error{errno, std::generic_category(), "epoll_create1"};
  return instance;
}

}  // namespace

Readiness::Readiness(asio::io_context& context) : epoll_{context, make_instance()} {}

error_code Readiness::add(int socket, Watch& watch) noexcept {
  ::epoll_event wanted{};
  wanted.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  wanted.data.ptr = &watch;
  if (::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_ADD, socket, &wanted) == 0) return {};
  return {errno, boost::system::system_category()};
}

void Readiness::remove(int socket, const Watch& watch) noexcept {
  ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_DEL, socket, nullptr);
  forget(watch);
}

void Readiness::forget(const Watch& watch) noexcept {
  for (std::size_t at = next_; at < fetched_; ++at) {
    if (events_[at].data.ptr == &watch) events_[at].data.ptr = nullptr;
  }
}

void Readiness::one_more_waits() {
  ++waiting_;
  arm();
}

// An io_context without a session has nothing to wait for, so that its thread can end.
void Readiness::one_fewer_waits() {
  if (--waiting_ > 0 || !armed_) return;
  error_code ignored;
  epoll_.cancel(ignored);
}

void Readiness::arm() {
  if (waiting_ == 0 || armed_ || dispatching_) return;
  armed_ = true;
  epoll_.async_wait(asio::posix::descriptor_base::wait_read, [this](const error_code&) {
    armed_ = false;
    dispatch();
  });
}

// What is left comes with the next turn, after whatever else the thread has to do.
void Readiness::dispatch() {
  const int fetched = ::epoll_wait(epoll_.native_handle(), events_.data(), static_cast<int>(events_.size()), 0);
  fetched_ = fetched > 0 ? static_cast<std::size_t>(fetched) : 0;
  dispatching_ = true;
  for (next_ = 0; next_ < fetched_;) {
    const ::epoll_event event = events_[next_++];
    if (event.data.ptr != nullptr) static_cast<Watch*>(event.data.ptr)->happened(event.events);
  }
  next_ = fetched_ = 0;
  dispatching_ = false;
  arm();
}

}  // namespace lethe::net
