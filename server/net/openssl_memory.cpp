#include "net/openssl_memory.hpp"

#include <malloc.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include <lethe/base/wipe.hpp>

#include "base/mutation.hpp"
#include "net/record_buffers.hpp"

namespace lethe::net {
namespace {

void* take(std::size_t size, const char*, int) {
  if (record_buffers::asks_for_one(size)) return record_buffers::take(size);
  return std::malloc(record_buffers::other_size(size));
}

void give_back(void* memory, const char*, int) {
  if (memory == nullptr) return;
  const std::size_t usable = malloc_usable_size(memory);
  if (record_buffers::is_one(usable)) return record_buffers::give_back(memory);
  if (LETHE_KEEP(openssl_wipe)) wipe(memory, usable);
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
  if (size <= old_size && size * 2 > old_size && !record_buffers::is_one(old_size)) return memory;
  void* fresh = take(size, file, line);
  if (fresh == nullptr) return nullptr;
  std::memcpy(fresh, memory, std::min(size, old_size));
  give_back(memory, file, line);
  return fresh;
}

}  // namespace

bool wipe_openssl_memory() noexcept { return CRYPTO_set_mem_functions(take, resize, give_back) == 1; }

}  // namespace lethe::net
