#include "net/openssl_memory.hpp"

#include <malloc.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include <lethe/base/wipe.hpp>

namespace lethe::net {
namespace {

void* take(std::size_t size, const char*, int) { return std::malloc(size); }

void give_back(void* memory, const char*, int) {
  if (memory == nullptr) return;
  wipe(memory, malloc_usable_size(memory));
  std::free(memory);
}

// Never the C library's realloc: it may leave the old bytes behind.
void* resize(void* memory, std::size_t size, const char* file, int line) {
  if (memory == nullptr) return take(size, file, line);
  if (size == 0) {
    give_back(memory, file, line);
    return nullptr;
  }
  const std::size_t old_size = malloc_usable_size(memory);
  if (size <= old_size && size * 2 > old_size) return memory;
  void* fresh = std::malloc(size);
  if (fresh == nullptr) return nullptr;
  std::memcpy(fresh, memory, std::min(size, old_size));
  give_back(memory, file, line);
  return fresh;
}

}  // namespace

bool wipe_openssl_memory() noexcept { return CRYPTO_set_mem_functions(take, resize, give_back) == 1; }

}  // namespace lethe::net
