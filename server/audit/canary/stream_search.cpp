#include "audit/canary/stream_search.hpp"

#include <algorithm>
#include <limits>

namespace lethe::audit {

StreamSearch::StreamSearch(const Search& search, Found found) : search_{search}, found_{std::move(found)} {
  stretch_.reserve(2 * worth_searching);
}

void StreamSearch::add(std::uint64_t offset, std::span<const std::uint8_t> bytes) {
  if (offset != begin_ + stretch_.size()) {
    finish();
    begin_ = reported_ = offset;
  }
  stretch_.insert(stretch_.end(), bytes.begin(), bytes.end());
  const std::size_t overlap = search_.overlap();
  if (stretch_.size() < worth_searching + 2 * overlap) return;
  // What begins in the last bytes may go on in the next part, and is judged by what stands before it.
  report_until(begin_ + stretch_.size() - overlap);
  const std::size_t kept = std::min(stretch_.size(), 2 * overlap);
  begin_ += stretch_.size() - kept;
  stretch_.erase(stretch_.begin(), stretch_.end() - static_cast<std::ptrdiff_t>(kept));
}

void StreamSearch::finish() {
  report_until(begin_ + stretch_.size());
  begin_ += stretch_.size();
  stretch_.clear();
}

void StreamSearch::report_until(std::uint64_t end) {
  for (Hit hit : search_.find(stretch_, std::numeric_limits<std::size_t>::max())) {
    hit.offset += begin_;
    if (hit.offset >= reported_ && hit.offset < end) found_(hit);
  }
  reported_ = end;
}

}  // namespace lethe::audit
