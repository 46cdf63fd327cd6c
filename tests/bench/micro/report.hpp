#pragma once
// What every benchmark says besides its time.
#include <benchmark/benchmark.h>

#include <cstddef>

namespace lethe::bench {

// `each`: items of an iteration, of `bytes` payload bytes.
inline void report(benchmark::State& state, std::size_t bytes, std::size_t each = 1) {
  const auto items = state.iterations() * static_cast<std::int64_t>(each);
  state.SetItemsProcessed(items);
  state.SetBytesProcessed(items * static_cast<std::int64_t>(bytes));
}

}  // namespace lethe::bench
