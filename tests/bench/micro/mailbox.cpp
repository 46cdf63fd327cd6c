// What the engine takes for a message: put, pulled, acknowledged (which overwrites it). In rounds: a message for each of the
// devices at a time, of which each stage is one part that is timed.
#include "bench/micro/engine.hpp"
#include "bench/micro/report.hpp"

namespace lethe::bench {
namespace {

constexpr std::size_t devices = 64;
constexpr std::size_t round = devices * Engine::at_once;

enum class Stage { put, pull, acknowledge };

// Devices that are connected, among `known` that the engine remembers.
void stage(benchmark::State& state, Stage timed) {
  const auto payload = static_cast<std::size_t>(state.range(0));
  const auto known = static_cast<std::uint64_t>(state.range(1));
  Engine engine{64 << 20, payload};
  for (std::uint64_t device = devices; device < known; ++device) engine.open(device);
  std::vector<mailbox::Attachment> attachments;
  for (std::uint64_t device = 0; device < devices; ++device) attachments.push_back(engine.open(device));

  std::vector<mailbox::Submission> submissions;
  std::vector<Seq> last(devices);
  const auto part = [&](Stage which, const auto& work) {
    if (which == timed) state.ResumeTiming();
    work();
    if (which == timed) state.PauseTiming();
  };
  for (auto _ : state) {
    state.PauseTiming();
    submissions.clear();
    for (std::size_t i = 0; i < round; ++i) submissions.push_back(engine.submission());
    part(Stage::put, [&] { for (std::size_t i = 0; i < round; ++i) engine.put(std::move(submissions[i]), i % devices); });
    part(Stage::pull, [&] { for (std::size_t i = 0; i < devices; ++i) last[i] = engine.pull(attachments[i]); });
    part(Stage::acknowledge, [&] { for (std::size_t i = 0; i < devices; ++i) engine.acknowledge(attachments[i], last[i]); });
    if (engine.messages() != 0) {
      state.SkipWithError("a message is left");
      return;
    }
    engine.settle();
    state.ResumeTiming();
  }
  report(state, payload, round);
}

void mailbox_put(benchmark::State& state) { stage(state, Stage::put); }
void mailbox_pull(benchmark::State& state) { stage(state, Stage::pull); }
void mailbox_acknowledge(benchmark::State& state) { stage(state, Stage::acknowledge); }

void sizes(benchmark::internal::Benchmark* made) {
  made->ArgNames({"bytes", "known"})->Args({256, 1'000})->Args({4'096, 1'000})->Args({256, 100'000});
}
BENCHMARK(mailbox_put)->Apply(sizes);
BENCHMARK(mailbox_pull)->Apply(sizes);
BENCHMARK(mailbox_acknowledge)->Apply(sizes);

}  // namespace
}  // namespace lethe::bench
