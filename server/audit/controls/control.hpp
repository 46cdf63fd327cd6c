#pragma once
// A planted leak: proof that the detectors see. One a file of tests/retention/leaks/ (the leak) and one line here (what must
// see it). Rows are those of the table of channels in docs/retention.md.
#include <span>
#include <string_view>

#include "audit/finding.hpp"

namespace lethe::audit {

struct Control {
  std::string_view id;                      // of the leak: `file`, `tmp-unlink`, `stdout`, …
  unsigned row;                             // of the table of channels
  std::string_view sentence;                // what it does
  std::span<const Detector> expected;       // those that must see it; what else sees it is recorded
  bool resident = false;                    // the leak stays inside of the process (memory rows)
  bool lethal = false;                      // under the lock-down the attempt itself ends the process
};

std::span<const Control> all_controls() noexcept;

// How a control's trial went.
struct ControlResult {
  const Control* control = nullptr;
  bool leaked = false;                      // by the leak's own side channel, with the lock-down off
  std::vector<Detector> seen_by;            // with the lock-down off
  bool prevented = false;                   // with the lock-down on the same leak failed …
  int prevented_errno = 0;                  // … with this
  bool escaped = false;                     // with the lock-down on the leak succeeded; neither: it was not tried
  std::string note;                         // where something else happened
  // Leaked, and every expected detector saw it.
  bool fired() const noexcept;
};

}  // namespace lethe::audit
