#include "client/acknowledgements.hpp"

#include <algorithm>

namespace lethe::client {

namespace {
constexpr std::size_t most_seqs = 65'535;  // count is a u16 in the record
}

void Acknowledgements::delivered(Seq seq) {
  if (seq <= highest_) cumulative_ = false;
  highest_ = std::max(highest_, seq);
  unhandled_.insert(seq);
}

void Acknowledgements::handled(Seq seq) {
  if (unhandled_.erase(seq) != 0) handled_.push_back(seq);
}

Ack Acknowledgements::take() {
  Ack ack;
  std::ranges::sort(handled_);
  auto rest = handled_.begin();
  if (cumulative_) {
    const auto barrier = unhandled_.empty() ? highest_ + 1 : *unhandled_.begin();
    rest = std::ranges::lower_bound(handled_, barrier);
    if (rest != handled_.begin()) ack.up_to = *(rest - 1);
  }
  const auto count = std::min<std::size_t>(static_cast<std::size_t>(handled_.end() - rest), most_seqs);
  ack.seqs.assign(rest, rest + static_cast<std::ptrdiff_t>(count));
  handled_.erase(handled_.begin(), rest + static_cast<std::ptrdiff_t>(count));
  return ack;
}

}  // namespace lethe::client
