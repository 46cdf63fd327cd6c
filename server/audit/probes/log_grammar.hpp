#pragma once
// The closed grammar of everything that the relay writes (docs/operations.md): lines of its log, its metrics, its small pages.
// Written down here once more, from the page and not from the relay's code.
#include <string>
#include <string_view>
#include <vector>

namespace lethe::audit {

// One line of the log, text or JSON, or the development certificate's fingerprint.
bool is_log_line(std::string_view line);
// One line of the metrics page (Prometheus text format 0.0.4): a comment, or a sample whose labels are from a closed list.
bool is_metrics_line(std::string_view line);
// The samples' names with labels and the comments: what may not change from one reading to the next.
std::vector<std::string> fixed_parts(std::string_view page);
// The numbers of the lines, from 1, that `is_line` refuses. A last line without an end counts as a line.
template <class IsLine>
std::vector<std::size_t> strange_lines(std::string_view text, IsLine is_line) {
  std::vector<std::size_t> strange;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    if (!is_line(text.substr(0, end))) strange.push_back(number);
    text = end == text.npos ? std::string_view{} : text.substr(end + 1);
  }
  return strange;
}

}  // namespace lethe::audit
