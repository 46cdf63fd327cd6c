#include "audit/report/installed_packages.hpp"

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <utility>

namespace lethe::audit {
namespace {

namespace fs = std::filesystem;

// «Name: value» of a stanza's line; absent: another field.
std::optional<std::string> field(const std::string& line, const std::string& name) {
  if (line.rfind(name + ":", 0) != 0) return std::nullopt;
  const auto start = line.find_first_not_of(' ', name.size() + 1);
  return start == std::string::npos ? std::string{} : line.substr(start);
}

// The other name of a file where /lib is a link to /usr/lib.
std::string unmerged(const std::string& path) { return path.rfind("/usr/lib", 0) == 0 ? path.substr(4) : path; }

std::string read_licence(const std::string& root, const std::string& package) {
  std::ifstream file(root + "/usr/share/doc/" + package + "/copyright");
  std::ostringstream text;
  text << file.rdbuf();
  return licence_of(text.str());
}

// dpkg's status: a stanza a package, an empty line between.
std::map<std::string, Package> read_status(const std::string& root) {
  std::map<std::string, Package> packages;
  std::ifstream file(root + "/var/lib/dpkg/status");
  Package package;
  for (std::string line; std::getline(file, line);) {
    if (line.empty()) {
      const std::string name = package.name + ":" + package.architecture;   // first: the right side of an assignment goes before the left
      packages[name] = std::exchange(package, {});
      continue;
    }
    if (const auto name = field(line, "Package")) package.name = *name;
    if (const auto version = field(line, "Version")) package.version = *version;
    if (const auto architecture = field(line, "Architecture")) package.architecture = *architecture;
  }
  packages[package.name + ":" + package.architecture] = package;
  return packages;
}

// A list is named «package.list» or, where a package may be there for several architectures, «package:architecture.list».
std::optional<Package> package_of(const std::map<std::string, Package>& packages, const std::string& list) {
  if (const auto exact = packages.find(list); exact != packages.end()) return exact->second;
  const auto any = packages.lower_bound(list + ":");
  if (any == packages.end() || any->second.name != list) return std::nullopt;
  return any->second;
}

}  // namespace

std::string licence_of(const std::string& copyright) {
  std::istringstream text(copyright);
  std::string line;
  if (!std::getline(text, line) || line.rfind("Format:", 0) != 0) return {};
  bool everything = false;
  while (std::getline(text, line)) {
    if (const auto files = field(line, "Files")) everything = *files == "*";
    const auto licence = field(line, "License");
    if (everything && licence) return *licence;
  }
  return {};
}

std::map<std::string, Package> owners_of(const std::string& root, const std::vector<std::string>& paths) {
  std::map<std::string, std::string> wanted;   // as a package may name it -> as it is asked for
  for (const auto& path : paths) wanted[path] = wanted[unmerged(path)] = path;
  std::map<std::string, Package> owners;
  std::error_code none;
  const auto packages = read_status(root);
  for (const auto& entry : fs::directory_iterator{root + "/var/lib/dpkg/info", none}) {
    if (entry.path().extension() != ".list") continue;
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      const auto path = wanted.find(line);
      if (path == wanted.end()) continue;
      auto package = package_of(packages, entry.path().stem().string());
      if (!package) continue;
      package->licence = read_licence(root, package->name);
      owners[path->second] = *package;
    }
  }
  return owners;
}

}  // namespace lethe::audit
