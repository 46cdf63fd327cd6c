#pragma once
// A thread with a small stack: locked memory counts the whole address range of a stack, eight megabytes by default.
#include <pthread.h>

#include <cstddef>
#include <functional>

namespace lethe {

class Thread {
 public:
  // The deepest of what runs here, a TLS handshake, takes less than a tenth of it.
  static constexpr std::size_t stack_size = 1'048'576;

  Thread() noexcept = default;
  // Runs `body`, which must not throw. Throws std::system_error where the system gives no thread.
  explicit Thread(std::function<void()> body);
  Thread(Thread&& other) noexcept;
  Thread& operator=(Thread&& other) noexcept;
  ~Thread();   // it has been joined

  bool joinable() const noexcept { return joinable_; }
  void join() noexcept;

 private:
  pthread_t thread_{};
  bool joinable_ = false;
};

}  // namespace lethe
