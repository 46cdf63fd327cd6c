#include "audit/probes/core_watch.hpp"

#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

namespace lethe::audit {
namespace {

namespace fs = std::filesystem;
constexpr const char* pattern_file = "/proc/sys/kernel/core_pattern";
constexpr std::size_t longest_pattern = 127;
constexpr std::chrono::milliseconds step{50};
constexpr int steps = 30;            // a dump of some 100 MB is written in less
constexpr std::size_t part = 16 << 20;

bool set_pattern(const std::string& pattern) {
  std::ofstream file{pattern_file};
  file << pattern << std::flush;
  return file.good();
}

std::string current_pattern() {
  std::ifstream file{pattern_file};
  std::string pattern;
  std::getline(file, pattern);
  return pattern;
}

std::uint64_t size_of(const std::string& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  return error ? 0 : size;
}

}  // namespace

std::string CoreWatch::open(CorePattern pattern, const std::string& root, const std::string& directory) {
  if (pattern == CorePattern::none) return {};
  std::string text = "/tmp/lethe-audit-core";
  expected_ = root + text;
  if (pattern == CorePattern::pipe) {
    // The kernel starts the program in the first namespaces; our files are there by way of our own process.
    expected_ = directory + "/core";
    text = "|/usr/bin/dd bs=64K status=none of=/proc/" + std::to_string(::getpid()) + "/root" + expected_;
  }
  if (text.size() > longest_pattern) return "the auditor's directory has too long a name for a core pattern";
  before_ = current_pattern();
  if (set_pattern(text)) return {};
  before_.reset();
  return "the core pattern can't be set";
}

CoreWatch::Dump CoreWatch::look(const Search& search) const {
  Dump dump;
  for (int i = 0; i < steps; ++i) {
    const std::uint64_t size = size_of(expected_);
    if (size > 0 && size == dump.bytes) break;
    dump.bytes = size;
    std::this_thread::sleep_for(step);
  }
  std::ifstream file{expected_, std::ios::binary};
  std::vector<std::uint8_t> bytes(part);
  while (file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(part)) || file.gcount() > 0) {
    dump.hits += search.find({bytes.data(), static_cast<std::size_t>(file.gcount())}).size();
  }
  return dump;
}

void CoreWatch::close() {
  if (before_) set_pattern(*before_);
  before_.reset();
  if (!expected_.empty()) ::unlink(expected_.c_str());
  expected_.clear();
}

}  // namespace lethe::audit
