#include "audit/report/sentences.hpp"

#include <array>
#include <cstdio>

namespace lethe::audit {
namespace {

std::string decimal(double value, int decimals) {
  std::array<char, 48> text{};
  const int length = std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return {text.data(), static_cast<std::size_t>(length)};
}

// Three digits that count.
std::string short_decimal(double value) { return decimal(value, value < 10 ? 2 : value < 100 ? 1 : 0); }

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t place = text.size(); place > 3;) {
    place -= 3;
    text.insert(place, ",");
  }
  return text;
}

std::string counted(std::uint64_t number, std::string_view noun) {
  return grouped(number) + " " + std::string{noun} + (number == 1 ? "" : "s");
}

// A value is scaled after it is known what it rounds to: 999.7 ms is 1.00 s, not 1000 ms.
std::string duration_in_words(std::chrono::microseconds time) {
  const auto micros = static_cast<double>(time.count());
  if (micros < 1000) return std::to_string(time.count()) + " µs";
  if (micros < 999'500) return short_decimal(micros / 1e3) + " ms";
  if (micros < 59'950'000) return short_decimal(micros / 1e6) + " s";
  const auto seconds = std::chrono::round<std::chrono::seconds>(time).count();
  if (seconds < 3600) return std::to_string(seconds / 60) + " min " + std::to_string(seconds % 60) + " s";
  return std::to_string(seconds / 3600) + " h " + std::to_string(seconds / 60 % 60) + " min";
}

std::string percent(double share) { return decimal(share * 100, 1) + " %"; }

std::string full_name(Detector detector) {
  return std::string{label(probe_of(detector))} + " " + std::string{name(detector)};
}

std::string listed(std::span<const Detector> detectors) {
  if (detectors.empty()) return "no detector";
  std::string text = full_name(detectors.front());
  for (std::size_t index = 1; index < detectors.size(); ++index) {
    text += index + 1 == detectors.size() ? " and " : ", ";
    text += full_name(detectors[index]);
  }
  return text;
}

std::string moment_of(const Finding& finding) {
  return finding.phase ? std::string{name(*finding.phase)} : std::string{"whole trial"};
}

std::string sentence_of(const TrialReport& trial, const Finding& finding) {
  std::string text = trial.id + ", " + moment_of(finding) + ": " + full_name(finding.detector) + ": " + finding.sentence;
  if (finding.place.empty() && finding.count == 0) return text;
  text += " (";
  text += finding.place;
  if (finding.count > 0) text += (finding.place.empty() ? "count " : "; count ") + grouped(finding.count);
  return text + ")";
}

}  // namespace lethe::audit
