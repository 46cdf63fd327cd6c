#pragma once
// The page /metrics in Prometheus' text format 0.0.4. Sums the counters of all threads; no label names a user, device,
// mailbox or address.
#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <prometheus/collectable.h>

#include <lethe/base/limits.hpp>

#include "base/tally.hpp"

namespace lethe::ops {

// The protocol's names by their numbers; an empty one is a number without a meaning and is left out.
struct MetricNames {
  std::array<std::string_view, 8> refusals{};
  std::array<std::string_view, 8> errors{};
  std::array<std::string_view, 8> closings{};
};

struct ArenaUse {
  ByteCount size = 0;
  ByteCount used = 0;
  bool locked = false;
  bool secret = false;
  bool all_locked = false;   // the whole process' memory
};

class Metrics final : public prometheus::Collectable {
 public:
  static constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

  // The tallies and what the functions refer to must outlive this; the names are copied as views of constants. `arena` and
  // `degraded` (a protection is missing) are called on the thread that asks for the page.
  Metrics(std::vector<const Tally*> tallies, const MetricNames& names, std::function<ArenaUse()> arena,
          std::function<bool()> degraded);

  // The relay has started when this is made. Any thread. The numbers of one page need not be of one moment.
  std::string text() const;
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  std::vector<const Tally*> tallies_;
  MetricNames names_;
  std::function<ArenaUse()> arena_;
  std::function<bool()> degraded_;
  double started_;   // Unix time
};

}  // namespace lethe::ops
