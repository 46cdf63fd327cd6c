#include "base/thread.hpp"

#include <memory>
#include <system_error>
#include <utility>

#include "base/check.hpp"

namespace lethe {
namespace {

using Body = std::function<void()>;

void* run(void* argument) noexcept {
  const std::unique_ptr<Body> body{static_cast<Body*>(argument)};
  (*body)();
  return nullptr;
}

}  // namespace

Thread::Thread(std::function<void()> body) {
  auto owned = std::make_unique<Body>(std::move(body));
  pthread_attr_t attributes;
  int error = ::pthread_attr_init(&attributes);
  if (error == 0) {
    error = ::pthread_attr_setstacksize(&attributes, stack_size);
    if (error == 0) error = ::pthread_create(&thread_, &attributes, run, owned.get());
    ::pthread_attr_destroy(&attributes);
  }
  if (error != 0) throw std::system_error{error, std::generic_category()};
  (void)owned.release();   // the thread's now
  joinable_ = true;
}

Thread::Thread(Thread&& other) noexcept : thread_{other.thread_}, joinable_{std::exchange(other.joinable_, false)} {}

Thread& Thread::operator=(Thread&& other) noexcept {
  LETHE_CHECK(!joinable_);
  thread_ = other.thread_;
  joinable_ = std::exchange(other.joinable_, false);
  return *this;
}

Thread::~Thread() { LETHE_CHECK(!joinable_); }

void Thread::join() noexcept {
  LETHE_CHECK(joinable_);
  ::pthread_join(thread_, nullptr);
  joinable_ = false;
}

}  // namespace lethe
