#pragma once
// What somebody who runs an audit sees of it: on a terminal, a table of probes by phases that is redrawn; elsewhere a line for each
// trial.
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "audit/audit_trial.hpp"

namespace lethe::audit {

// The worst kind of finding counts: detection, missing, not armed, then what is as it must be.
std::string_view word(std::optional<Kind> kind) noexcept;
std::optional<Kind> worst(std::optional<Kind> one, std::optional<Kind> other) noexcept;

class AuditScreen final : public TrialWatcher {
 public:
  // `width`: columns of the terminal; 0: there is none.
  explicit AuditScreen(unsigned width);
  // So many trials are to come; for the time left.
  void expect(unsigned trials) noexcept { expected_ += trials; }
  // A line of its own.
  void say(const std::string& line);

  void began(const TrialOrder& order) override;
  void looked(ProbeId probe, std::optional<Phase> phase, std::span<const Finding> findings) override;
  void ended(const TrialReport& trial) override;

 private:
  using Row = std::array<std::optional<Kind>, phase_count>;

  void draw();
  void erase();
  std::vector<std::string> table() const;
  std::string progress() const;

  unsigned width_;
  unsigned expected_ = 0;
  unsigned done_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::string id_;
  std::string sentence_;
  std::array<Row, probe_count> rows_{};
  std::optional<Phase> phase_;
  unsigned drawn_ = 0;               // lines of the table that stand on the terminal
};

}  // namespace lethe::audit
