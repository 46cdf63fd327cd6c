#pragma once
// A thread with a small stack: locked memory counts the whole address range of a stack, eight megabytes by default.
#include <pthread.h>

#include <cstddef>
#include <functional>
#include <memory>

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

  bool joinable() const noexcept { return body_ != nullptr; }
  void join() noexcept;

 private:
  pthread_t thread_{};
  // Here and not the thread's, so that a thread that allocates nothing needs no heap of its own.
  std::unique_ptr<std::function<void()>> body_;
};

}  // namespace lethe
