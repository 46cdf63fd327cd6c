#pragma once
// The completion handler of one operation that waits for something, of whatever type it is. Its memory is Asio's to use again.
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
    return Waiting{::new (static_cast<void*>(allocator.allocate(1))) Kept{{Kept::end}, std::forward<Completion>(completion)}};
  }
  // A handler that nobody calls is destroyed, as when an io_context is.
  ~Waiting() { end(nullptr); }
  Waiting(Waiting&& other) noexcept : operation_{std::exchange(other.operation_, nullptr)} {}
  Waiting& operator=(Waiting&& other) noexcept {
    std::swap(operation_, other.operation_);
    return *this;
  }

  explicit operator bool() const noexcept { return operation_ != nullptr; }
  // Calls the handler, which may begin the next operation or be the end of whatever holds this. Nothing where there is none.
  void complete(const error_code& error) && { end(&error); }

 private:
  struct Base {
    void (*end)(Base* self, const error_code* error);
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
    Base* const gone = std::exchange(operation_, nullptr);
    if (gone != nullptr) gone->end(gone, error);
  }

  Base* operation_ = nullptr;
};

}  // namespace lethe::net
