#pragma once
// What a run says: a table, JSON, and pictures.
#include <iosfwd>
#include <string>
#include <vector>

#include "bench/workload.hpp"

namespace lethe::bench {

// A figure over all runs.
struct Spread {
  std::string name;
  double median = 0;
  double least = 0;
  double most = 0;
};

// Every run has the same figures.
std::vector<Spread> spread_of(const std::vector<Figures>& runs);
void print_table(std::ostream& out, const std::string& title, const std::vector<Spread>& figures, std::size_t runs);
// {"workload", "protocol", "options": {…}, "runs": [{…}], "median": {…}}
std::string to_json(const std::string& workload, const Options& options, const std::vector<Figures>& runs);
// "1,234", "1.23": as the table has it.
std::string shown(double value);

}  // namespace lethe::bench
