#pragma once
// Runs a part of the load on each thread and keeps the first failure.
#include <exception>
#include <thread>
#include <vector>

namespace lethe::bench {

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
