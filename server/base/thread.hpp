#pragma once
// A thread with a small stack that lies in the heap: whether the whole process' memory is locked or only the heap was
// (base/memory_lock.hpp), its stack can't be swapped out.
#include <pthread.h>

#include <cstddef>
#include <functional>
#include <memory>

namespace lethe {

class Thread {
 public:
  // The deepest of what runs here, a TLS handshake, takes less than a tenth of it. Below it lies a page that nothing may touch.
  static constexpr std::size_t stack_size = 1'048'576;

  Thread() noexcept = default;
  // Runs `body`, which must not throw. Throws std::system_error where the system gives no thread.
  explicit Thread(std::function<void()> body);
  Thread(Thread&& other) noexcept = default;
  Thread& operator=(Thread&& other) noexcept;
  ~Thread();   // it has been joined

  bool joinable() const noexcept { return running_ != nullptr; }
  void join() noexcept;   // its stack is overwritten

 private:
  struct Running;
  struct End {
    void operator()(Running* running) const noexcept;
  };
  std::unique_ptr<Running, End> running_;
};

}  // namespace lethe
