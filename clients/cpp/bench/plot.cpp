#include "bench/plot.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace lethe::bench {
namespace {

constexpr int width = 720;
constexpr int left = 110;
constexpr int right = 130;
constexpr int top = 76;
constexpr int pitch = 30;
constexpr int thickness = 20;

struct Bar {
  std::string name;
  double value = 0;
  double least = 0;
  double most = 0;
};

// "bytes_per_session" -> "bytes per session"
std::string words(std::string name) {
  std::ranges::replace(name, '_', ' ');
  return name;
}

// A round distance between ticks, of which at most four are needed.
double step_for(double most) {
  if (most <= 0) return 1;
  const double power = std::pow(10, std::floor(std::log10(most / 4)));
  for (const double times : {1.0, 2.0, 5.0}) {
    if (power * times * 4 >= most) return power * times;
  }
  return power * 10;
}

std::string tick(double value) {
  const std::string text = shown(value);
  return value == std::floor(value) ? text.substr(0, text.find('.')) : text;
}

class Svg {
 public:
  void text(double x, double y, int size, const char* anchor, const char* colour, const std::string& says) {
    out_ << "<text x=\"" << x << "\" y=\"" << y << "\" font-size=\"" << size << "\" text-anchor=\"" << anchor << "\" fill=\"" << colour
         << "\" stroke=\"white\" stroke-width=\"3\" paint-order=\"stroke\">" << says << "</text>";
  }
  void line(double x1, double y1, double x2, double y2, const char* colour) {
    out_ << "<line x1=\"" << x1 << "\" y1=\"" << y1 << "\" x2=\"" << x2 << "\" y2=\"" << y2 << "\" stroke=\"" << colour << "\"/>";
  }
  void bar(double x, double y, double length) {
    out_ << "<rect x=\"" << x << "\" y=\"" << y << "\" width=\"" << std::max(length, 1.0) << "\" height=\"" << thickness << "\" fill=\"#1b6ca8\"/>";
  }
  std::string whole(int height) const {
    std::ostringstream svg;
    svg << "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" << width << "\" height=\"" << height
        << "\" font-family=\"DejaVu Sans, sans-serif\"><rect width=\"100%\" height=\"100%\" fill=\"white\"/>" << out_.str() << "</svg>\n";
    return svg.str();
  }

 private:
  std::ostringstream out_;
};

std::string drawn(const std::string& title, const std::string& below, const std::string& axis, const std::vector<Bar>& bars) {
  Svg svg;
  svg.text(16, 30, 17, "start", "#222", title);
  svg.text(16, 52, 13, "start", "#555", below);
  double most = 0;
  for (const Bar& bar : bars) most = std::max(most, bar.most);
  const double step = step_for(most);
  const double ticks = std::max(std::ceil(most / step), 1.0);
  const double scale = (width - left - right) / (ticks * step);
  const int bottom = top + pitch * static_cast<int>(bars.size());
  for (double at = 0; at <= ticks; ++at) {
    const double x = left + at * step * scale;
    svg.line(x, top - 6, x, bottom, "#ddd");
    svg.text(x, bottom + 16, 12, "middle", "#555", tick(at * step));
  }
  svg.text(left + (width - left - right) / 2.0, bottom + 38, 13, "middle", "#222", axis);
  int y = top;
  for (const Bar& bar : bars) {
    svg.text(left - 8, y + 15, 13, "end", "#222", bar.name);
    svg.bar(left, y, bar.value * scale);
    if (bar.most > bar.least) svg.line(left + bar.least * scale, y + thickness / 2.0, left + bar.most * scale, y + thickness / 2.0, "#111");
    svg.text(left + bar.most * scale + 8, y + 15, 13, "start", "#222", shown(bar.value));
    y += pitch;
  }
  return svg.whole(bottom + 54);
}

}  // namespace

std::string to_svg(const std::string& title, const std::vector<Figures>& runs) {
  const std::vector<Spread> figures = spread_of(runs);
  std::vector<Bar> bars;
  for (const Spread& figure : figures) {
    const bool percentile = figure.name.ends_with("_us") && (figure.name.starts_with("p") || figure.name == "max_us");
    const std::string at = figure.name.substr(0, figure.name.size() - 3);
    if (percentile) bars.push_back({at == "p999" ? "p99.9" : at, figure.median, figure.least, figure.most});
  }
  const std::string count = std::to_string(runs.size()) + (runs.size() == 1 ? " run" : " runs");
  if (!bars.empty()) return drawn(title, "Latency, medians of " + count + "; lines: least to most", "microseconds", bars);
  for (std::size_t run = 0; run < runs.size(); ++run) {
    const double value = runs[run].front().value;
    bars.push_back({"run " + std::to_string(run + 1), value, value, value});
  }
  const std::string axis = words(figures.front().name);
  return drawn(title, axis + ", median of " + count + ": " + shown(figures.front().median), axis, bars);
}

}  // namespace lethe::bench
