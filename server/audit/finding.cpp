#include "audit/finding.hpp"

#include <array>

namespace lethe::audit {
namespace {

struct DetectorRow {
  std::string_view name;
  ProbeId probe;
};

constexpr std::array<DetectorRow, detector_count> detectors = {{
    {"filter", ProbeId::capability},
    {"injection", ProbeId::capability},
    {"process-state", ProbeId::capability},
    {"file-events", ProbeId::storage},
    {"io-counters", ProbeId::storage},
    {"tree", ProbeId::storage},
    {"raw-device", ProbeId::storage},
    {"swap", ProbeId::storage},
    {"cores", ProbeId::storage},
    {"memory", ProbeId::memory},
    {"arena-audit", ProbeId::memory},
    {"grammar", ProbeId::output},
    {"output-canary", ProbeId::output},
    {"packets", ProbeId::egress},
    {"local-sockets", ProbeId::egress},
    {"tls", ProbeId::egress},
}};

constexpr std::array<std::string_view, probe_count> labels = {"P1", "P2", "P3", "P4", "P5"};
constexpr std::array<std::string_view, probe_count> probe_names = {"capability", "storage", "memory", "output", "egress"};

}  // namespace

std::string_view label(ProbeId probe) noexcept { return labels[static_cast<std::size_t>(probe)]; }
std::string_view name(ProbeId probe) noexcept { return probe_names[static_cast<std::size_t>(probe)]; }
std::string_view name(Detector detector) noexcept { return detectors[static_cast<std::size_t>(detector)].name; }
ProbeId probe_of(Detector detector) noexcept { return detectors[static_cast<std::size_t>(detector)].probe; }

}  // namespace lethe::audit
