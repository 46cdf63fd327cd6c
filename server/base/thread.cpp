#include "base/thread.hpp"

#include <system_error>
#include <utility>

#include "base/check.hpp"

namespace lethe {
namespace {

void* run(void* body) noexcept {
  (*static_cast<std::function<void()>*>(body))();
  return nullptr;
}

}  // namespace

Thread::Thread(std::function<void()> body) : body_{std::make_unique<std::function<void()>>(std::move(body))} {
  pthread_attr_t attributes;
  int error = ::pthread_attr_init(&attributes);
  if (error == 0) {
    error = ::pthread_attr_setstacksize(&attributes, stack_size);
    if (error == 0) error = ::pthread_create(&thread_, &attributes, run, body_.get());
    ::pthread_attr_destroy(&attributes);
  }
  if (error != 0) throw std::system_error{error, std::generic_category()};
}

Thread::Thread(Thread&& other) noexcept : thread_{other.thread_}, body_{std::move(other.body_)} {}

Thread& Thread::operator=(Thread&& other) noexcept {
  LETHE_CHECK(!joinable());
  thread_ = other.thread_;
  body_ = std::move(other.body_);
  return *this;
}

Thread::~Thread() { LETHE_CHECK(!joinable()); }

void Thread::join() noexcept {
  LETHE_CHECK(joinable());
  ::pthread_join(thread_, nullptr);
  body_.reset();
}

}  // namespace lethe
