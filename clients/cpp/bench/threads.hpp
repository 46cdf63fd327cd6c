#pragma once
// Runs a part of the load on each thread and keeps the first failure.
#include <barrier>
#include <exception>
#include <thread>
#include <vector>

namespace lethe::bench {

// A thread's place at a barrier: who fails leaves it, so that the others don't wait for ever.
class Seat {
 public:
  explicit Seat(std::barrier<>& barrier) : barrier_{barrier} {}
  ~Seat() { barrier_.arrive_and_drop(); }
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;
  void wait() { barrier_.arrive_and_wait(); }

 private:
  std::barrier<>& barrier_;
};

template <class Part>
void on_threads(unsigned count, const Part& part) {
  std::vector<std::exception_ptr> failures(count);
  std::vector<std::thread> threads;
  for (unsigned number = 0; number < count; ++number) {
    threads.emplace_back([&, number] {
      try {
        part(number);
      } catch (...) {
        failures[number] = std::current_exception();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

}  // namespace lethe::bench
