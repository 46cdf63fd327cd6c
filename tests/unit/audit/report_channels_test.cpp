// The page of channels, against what the program knows: docs/retention-channels.md.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "audit/finding.hpp"
#include "audit/report/digest.hpp"

namespace lethe::audit {
namespace {

struct Channel {
  std::string detectors;
  std::string leaks;
};

std::string trimmed(const std::string& text) { return std::regex_replace(text, std::regex{"^ +| +$"}, ""); }

// By row; the rows of the page's one table that begin with a number.
std::map<unsigned, Channel> channels() {
  std::map<unsigned, Channel> all;
  std::istringstream page{read_file(LETHE_SOURCES "/docs/retention-channels.md")};
  for (std::string line; std::getline(page, line);) {
    if (!std::regex_search(line, std::regex{"^\\| [0-9]+ \\|"})) continue;
    std::vector<std::string> cells;
    std::istringstream row{line.substr(1)};
    for (std::string cell; std::getline(row, cell, '|');) cells.push_back(trimmed(cell));
    if (cells.size() == 5) all[static_cast<unsigned>(std::stoul(cells[0]))] = {cells[3], cells[4]};
  }
  return all;
}

std::set<std::string> matches(const std::string& text, const std::string& pattern) {
  const std::regex regex{pattern};
  std::set<std::string> found;
  for (std::sregex_iterator match{text.begin(), text.end(), regex}, end; match != end; ++match) found.insert((*match)[1]);
  return found;
}

TEST(Channels, AreAllOnThePage) {
  const auto all = channels();
  ASSERT_EQ(all.size(), 48U);
  EXPECT_EQ(all.begin()->first, 1U);
  EXPECT_EQ(all.rbegin()->first, 48U);
}

TEST(Channels, AreLookedAtByEveryDetectorThatHasACanaryToFind) {
  std::string named;
  for (const auto& [row, channel] : channels()) named += channel.detectors + " ";
  for (const auto detector : {Detector::process_state, Detector::file_events, Detector::io_counters, Detector::tree, Detector::raw_device,
                              Detector::swap, Detector::cores, Detector::memory, Detector::grammar, Detector::output_canary,
                              Detector::packets, Detector::local_sockets, Detector::tls}) {
    EXPECT_THAT(named, testing::HasSubstr(std::string{name(detector)}));
  }
}

TEST(Channels, WithoutAPlantedLeakSayWhy) {
  for (const auto& [row, channel] : channels()) {
    const bool explained = channel.leaks.rfind("none: ", 0) == 0;
    EXPECT_EQ(explained, !std::regex_match(channel.leaks, std::regex{"`[a-z-]+`(, `[a-z-]+`)*"})) << row;
  }
}

// The catalog of controls says in which row each leak is.
TEST(Channels, NameEveryPlantedLeakInItsRow) {
  std::string catalog;
  try {
    catalog = read_file(LETHE_SOURCES "/server/audit/controls/catalog.cpp");
  } catch (const std::runtime_error&) {
    GTEST_SKIP() << "there is no catalog of controls";
  }
  const auto all = channels();
  const std::regex entry{"\\{\"([a-z-]+)\", ([0-9]+), \""};
  std::map<unsigned, std::set<std::string>> planted;
  for (std::sregex_iterator match{catalog.begin(), catalog.end(), entry}, end; match != end; ++match) {
    planted[static_cast<unsigned>(std::stoul((*match)[2]))].insert((*match)[1]);
  }
  ASSERT_FALSE(planted.empty());
  for (const auto& [row, leaks] : planted) {
    ASSERT_TRUE(all.contains(row)) << row;
    const auto written = matches(all.at(row).leaks, "`([a-z-]+)`");
    for (const auto& leak : leaks) EXPECT_TRUE(written.contains(leak)) << leak << " in row " << row;
  }
}

}  // namespace
}  // namespace lethe::audit
