#include "audit/probes/arena_audit.hpp"

#include <algorithm>
#include <charconv>

#include "audit/probes/admin_page.hpp"

namespace lethe::audit {
namespace {

constexpr std::string_view audited_blocks = "lethe_arena_audited_blocks_total";
constexpr std::string_view dirty_blocks = "lethe_arena_dirty_blocks_total";
constexpr std::string_view final_event = "arena_audited";
constexpr std::string_view arena_bytes = "lethe_arena_bytes";

// A number of the event's line: «… arena_audited bytes=7 count=0» or «"event":"arena_audited","bytes":7,"count":0».
std::optional<std::uint64_t> field(std::string_view line, std::string_view name) {
  std::size_t at = line.find(name);
  if (at == std::string_view::npos) return std::nullopt;
  at = line.find_first_not_of("\":=", at + name.size());
  std::uint64_t value = 0;
  if (at == std::string_view::npos || std::from_chars(line.data() + at, line.data() + line.size(), value).ec != std::errc{}) {
    return std::nullopt;
  }
  return value;
}

}  // namespace

void ArenaAudit::observe(const Trial& trial, Phase phase, const std::optional<std::string>& metrics,
                         std::uint64_t unreadable, Findings& findings) {
  const auto add = [&](Kind kind, std::string sentence, double count) {
    findings.push_back({Detector::arena_audit, kind, phase, {}, std::move(sentence), static_cast<std::uint64_t>(count)});
  };
  if (!metrics) {
    if (audited_ == 0) obstacle_ = "The relay's metrics page does not answer.";
    return;
  }
  if (trial.secret_arena && !hidden_) {
    const double size = sample(*metrics, arena_bytes).value_or(0);
    hidden_ = size > 0 && static_cast<double>(unreadable) >= size;
    if (hidden_) {
      add(Kind::clean, "The arena can't be read from outside.", static_cast<double>(unreadable));
    } else {
      add(Kind::missing, "The arena is not all unreadable, though it was to be secret memory.", static_cast<double>(unreadable));
    }
  }
  const std::optional<double> audited = sample(*metrics, audited_blocks);
  const std::optional<double> dirty = sample(*metrics, dirty_blocks);
  if (!audited || !dirty) {
    obstacle_ = "The relay doesn't count what its arena's own audit looks at.";
    return;
  }
  obstacle_.clear();
  audited_ = std::max(audited_, *audited);
  if (*dirty > dirty_) {
    add(Kind::detection, "The relay's own audit found free blocks of its arena that were not all zero.", *dirty - dirty_);
    dirty_ = *dirty;
  }
}

void ArenaAudit::ended(std::string_view log, Findings& findings) {
  const std::size_t at = log.find(final_event);
  if (at == std::string_view::npos) return;
  const std::string_view line = log.substr(at, log.find('\n', at) - at);
  const std::optional<std::uint64_t> bytes = field(line, "bytes");
  const std::optional<std::uint64_t> dirty = field(line, "count");
  if (!bytes || !dirty) return;
  findings.push_back({Detector::arena_audit, *dirty == 0 ? Kind::clean : Kind::detection, Phase::stopped, {},
                      *dirty == 0 ? "At its end the relay examined all of its arena: all zero."
                                  : "At its end the relay found blocks of its arena that were not all zero.",
                      *dirty == 0 ? *bytes : *dirty});
}

void ArenaAudit::conclude(const Trial& trial, Findings& findings) const {
  const auto add = [&](Kind kind, std::string sentence) {
    findings.push_back({Detector::arena_audit, kind, std::nullopt, {}, std::move(sentence),
                        static_cast<std::uint64_t>(audited_)});
  };
  if (!obstacle_.empty()) {
    if (trial.secret_arena) add(Kind::not_armed, obstacle_);
  } else if (audited_ == 0) {
    add(Kind::not_armed, "The relay's own audit of its arena has not looked at a single block.");
  } else if (dirty_ == 0) {
    add(Kind::clean, "Every free block that the relay's own audit looked at was all zero.");
  }
}

}  // namespace lethe::audit
