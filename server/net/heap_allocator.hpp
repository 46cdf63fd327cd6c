#pragma once
// For handlers that carry something that must not stay behind: Asio keeps the memory of handlers with the standard allocator
// for the next ones, as it is. This memory goes back to the heap, which overwrites it.
#include <cstddef>
#include <memory>

namespace lethe::net {

template <class T>
struct HeapAllocator {
  using value_type = T;
  HeapAllocator() noexcept = default;
  template <class U>
  HeapAllocator(const HeapAllocator<U>&) noexcept {}

  T* allocate(std::size_t count) { return std::allocator<T>{}.allocate(count); }
  void deallocate(T* memory, std::size_t count) noexcept { std::allocator<T>{}.deallocate(memory, count); }
  template <class U>
  friend bool operator==(const HeapAllocator&, const HeapAllocator<U>&) noexcept {
    return true;
  }
};

}  // namespace lethe::net
