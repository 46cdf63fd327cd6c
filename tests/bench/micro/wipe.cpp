// Overwriting, by itself.
#include <lethe/base/wipe.hpp>
#include <vector>

#include "bench/micro/report.hpp"

namespace lethe::bench {
namespace {

void wipe_bytes(benchmark::State& state) {
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(state.range(0)), 0x5a);
  for (auto _ : state) {
    wipe(bytes.data(), bytes.size());
    benchmark::ClobberMemory();
  }
  report(state, bytes.size());
}
BENCHMARK(wipe_bytes)->Arg(64)->Arg(4'096)->Arg(65'536);

}  // namespace
}  // namespace lethe::bench
