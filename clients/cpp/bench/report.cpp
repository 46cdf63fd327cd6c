#include "bench/report.hpp"

#include <algorithm>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>

namespace lethe::bench {
namespace {

nlohmann::ordered_json as_json(const Figures& figures) {
  nlohmann::ordered_json all;
  for (const Figure& figure : figures) all[figure.name] = figure.value;
  return all;
}

// Where the server could have done more.
std::vector<std::string> limits_of(const std::vector<Spread>& figures) {
  constexpr double saturated = 95;   // the rest is what it takes to look
  constexpr std::string_view server = "server_busy_percent";
  std::vector<std::string> notes;
  for (const Spread& figure : figures) {
    if (!figure.name.ends_with(server) || figure.median >= saturated) continue;
    const std::string phase = figure.name.substr(0, figure.name.size() - server.size());
    const auto load = std::ranges::find(figures, phase + "load_busy_percent", &Spread::name);
    const bool limit = load != figures.end() && load->median >= saturated;
    notes.push_back(phase + (limit ? "the load was the limit, not the server" : "neither the server nor the load was busy all the time"));
  }
  return notes;
}

}  // namespace

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
  for (const std::string& note : limits_of(figures)) out << "  " << note << '\n';
}

std::string to_json(const std::string& workload, const Options& options, const std::vector<Figures>& runs) {
  nlohmann::ordered_json page;
  page["workload"] = workload;
  page["protocol"] = name(options.server.protocol);
  page["options"] = {{"threads", options.threads},   {"seconds", options.seconds},   {"pairs", options.pairs},
                     {"window", options.window},     {"payload", options.payload},   {"rate", options.rate},
                     {"recipients", options.recipients}, {"sessions", options.sessions}, {"messages", options.messages},
                     {"mailboxes", options.mailboxes}, {"known", options.known},       {"standing", options.standing},
                     {"server_threads", options.server_threads}};
  page["runs"] = nlohmann::ordered_json::array();
  for (const Figures& run : runs) page["runs"].push_back(as_json(run));
  for (const Spread& figure : spread_of(runs)) page["median"][figure.name] = figure.median;
  return page.dump(1) + "\n";
}

}  // namespace lethe::bench
