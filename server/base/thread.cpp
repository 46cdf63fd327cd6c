#include "base/thread.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include <lethe/base/wipe.hpp>

#include "base/check.hpp"

namespace lethe {
namespace {

std::size_t guard_size() noexcept { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

void* run(void* body) noexcept {
  (*static_cast<std::function<void()>*>(body))();
  return nullptr;
}

}  // namespace

// guard page | stack
struct Thread::Running {
  explicit Running(std::function<void()> to_run) : body{std::move(to_run)} {
    memory = static_cast<std::uint8_t*>(std::aligned_alloc(guard_size(), guard_size() + stack_size));
    if (memory == nullptr || ::mprotect(memory, guard_size(), PROT_NONE) != 0) throw std::system_error{errno, std::generic_category()};
  }
  ~Running() {
    LETHE_CHECK(!runs);
    if (memory == nullptr) return;
    wipe(memory + guard_size(), stack_size);
    LETHE_CHECK(::mprotect(memory, guard_size(), PROT_READ | PROT_WRITE) == 0);
    std::free(memory);
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  std::function<void()> body;
  std::uint8_t* memory = nullptr;
  pthread_t thread{};
  bool runs = false;
};

void Thread::End::operator()(Running* running) const noexcept { delete running; }

Thread::Thread(std::function<void()> body) : running_{new Running{std::move(body)}} {
  pthread_attr_t attributes;
  int error = ::pthread_attr_init(&attributes);
  if (error == 0) {
    error = ::pthread_attr_setstack(&attributes, running_->memory + guard_size(), stack_size);
    if (error == 0) error = ::pthread_create(&running_->thread, &attributes, run, &running_->body);
    ::pthread_attr_destroy(&attributes);
  }
  if (error != 0) throw std::system_error{error, std::generic_category()};
  running_->runs = true;
}

Thread& Thread::operator=(Thread&& other) noexcept {
  LETHE_CHECK(!joinable());
  running_ = std::move(other.running_);
  return *this;
}

Thread::~Thread() { LETHE_CHECK(!joinable()); }

void Thread::join() noexcept {
  LETHE_CHECK(joinable());
  ::pthread_join(running_->thread, nullptr);
  running_->runs = false;
  running_.reset();
}

}  // namespace lethe
