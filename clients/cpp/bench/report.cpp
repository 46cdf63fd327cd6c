#include "bench/report.hpp"

#include <algorithm>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>

namespace lethe::bench {
namespace {

std::string shown(double value) {
  std::ostringstream text;
  const int digits = value >= 100 ? 0 : value >= 1 ? 2 : 3;
  text << std::fixed << std::setprecision(digits) << value;
  std::string number = text.str();
  for (std::size_t at = number.find('.') == number.npos ? number.size() : number.find('.'); at > 3; at -= 3) {
    if (at - 3 > 0 && number[at - 4] != '-') number.insert(at - 3, ",");
  }
  return number;
}

nlohmann::ordered_json as_json(const Figures& figures) {
  nlohmann::ordered_json all;
  for (const Figure& figure : figures) all[figure.name] = figure.value;
  return all;
}

}  // namespace

std::vector<Spread> spread_of(const std::vector<Figures>& runs) {
  std::vector<Spread> all;
  for (std::size_t index = 0; !runs.empty() && index < runs.front().size(); ++index) {
    std::vector<double> values;
    for (const Figures& run : runs) values.push_back(run.at(index).value);
    std::ranges::sort(values);
    const std::size_t middle = values.size() / 2;
    const double median = values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    all.push_back({runs.front()[index].name, median, values.front(), values.back()});
  }
  return all;
}

void print_table(std::ostream& out, const std::string& title, const std::vector<Spread>& figures, std::size_t runs) {
  out << title << '\n';
  for (const Spread& figure : figures) {
    out << "  " << std::left << std::setw(40) << figure.name << std::right << std::setw(14) << shown(figure.median);
    if (runs > 1) out << "   (" << shown(figure.least) << " to " << shown(figure.most) << " in " << runs << " runs)";
    out << '\n';
  }
}

std::string to_json(const std::string& workload, const Options& options, const std::vector<Figures>& runs) {
  nlohmann::ordered_json page;
  page["workload"] = workload;
  page["protocol"] = name(options.server.protocol);
  page["options"] = {{"threads", options.threads},   {"seconds", options.seconds},   {"pairs", options.pairs},
                     {"window", options.window},     {"payload", options.payload},   {"rate", options.rate},
                     {"recipients", options.recipients}, {"sessions", options.sessions}, {"messages", options.messages},
                     {"mailboxes", options.mailboxes}};
  page["runs"] = nlohmann::ordered_json::array();
  for (const Figures& run : runs) page["runs"].push_back(as_json(run));
  for (const Spread& figure : spread_of(runs)) page["median"][figure.name] = figure.median;
  return page.dump(1) + "\n";
}

std::string to_svg(const std::string& title, const std::vector<Figures>& runs) {
  constexpr int width = 640;
  constexpr int bar = 28;
  const Spread spread = spread_of(runs).front();
  const int height = 80 + bar * static_cast<int>(runs.size());
  std::ostringstream svg;
  svg << R"(<svg xmlns="http://www.w3.org/2000/svg" width=")" << width << R"(" height=")" << height << R"(" font-family="sans-serif" font-size="13">)"
      << R"(<rect width="100%" height="100%" fill="white"/><text x="16" y="26" font-size="15">)" << title << "</text>"
      << R"(<text x="16" y="48" fill="#555">)" << spread.name << ", median " << shown(spread.median) << "</text>";
  for (std::size_t run = 0; run < runs.size(); ++run) {
    const double value = runs[run].front().value;
    const int y = 60 + bar * static_cast<int>(run);
    const int length = spread.most > 0 ? static_cast<int>(480 * value / spread.most) : 0;
    svg << R"(<rect x="16" y=")" << y << R"(" width=")" << length << R"(" height="20" fill="#2a6f97"/><text x=")" << 24 + length << R"(" y=")" << y + 15
        << "\">" << shown(value) << "</text>";
  }
  return svg.str() + "</svg>\n";
}

}  // namespace lethe::bench
