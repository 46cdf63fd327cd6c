#pragma once
// The completion handlers of operations that wait for the same thing, of whatever type they are: mostly one, none, or a few in
// order. Their memory is Asio's to use again.
#include <boost/asio/recycling_allocator.hpp>
#include <memory>
#include <utility>

#include <lethe/base/result.hpp>

namespace lethe::net {

class Waiting {
 public:
  Waiting() noexcept = default;
  template <class Completion>
  static Waiting of(Completion&& completion) {
    using Kept = Operation<std::decay_t<Completion>>;
    boost::asio::recycling_allocator<Kept> allocator;
    return Waiting{::new (static_cast<void*>(allocator.allocate(1))) Kept{{Kept::end, nullptr}, std::forward<Completion>(completion)}};
  }
  // A handler that nobody calls is destroyed, as when an io_context is.
  ~Waiting() { end(nullptr); }
  Waiting(Waiting&& other) noexcept : operation_{std::exchange(other.operation_, nullptr)} {}
  Waiting& operator=(Waiting&& other) noexcept {
    std::swap(operation_, other.operation_);
    return *this;
  }

  explicit operator bool() const noexcept { return operation_ != nullptr; }
  // `later` waits, too, behind those that do already.
  void join(Waiting later) noexcept {
    Base** last = &operation_;
    while (*last != nullptr) last = &(*last)->next;
    *last = std::exchange(later.operation_, nullptr);
  }
  // Calls the handlers, each of which may begin the next operation or be the end of whatever holds this.
  void complete(const error_code& error) && { end(&error); }

 private:
  struct Base {
    void (*end)(Base* self, const error_code* error);
    Base* next;
  };
  template <class Completion>
  struct Operation : Base {
    Completion completion;
    // The memory is free before the handler runs: its next operation takes the same.
    static void end(Base* base, const error_code* error) {
      auto* const self = static_cast<Operation*>(base);
      Completion completion{std::move(self->completion)};
      self->~Operation();
      boost::asio::recycling_allocator<Operation>{}.deallocate(self, 1);
      if (error != nullptr) completion(*error);
    }
  };
  explicit Waiting(Base* operation) noexcept : operation_{operation} {}
  void end(const error_code* error) {
    for (Base* gone = std::exchange(operation_, nullptr); gone != nullptr;) {
      Base* const next = gone->next;
      gone->end(gone, error);
      gone = next;
    }
  }

  Base* operation_ = nullptr;
};

}  // namespace lethe::net
