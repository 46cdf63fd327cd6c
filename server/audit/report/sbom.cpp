#include "audit/report/sbom.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "audit/report/digest.hpp"
#include "audit/report/installed_packages.hpp"

namespace lethe::audit {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view binary_reference = "binary";

Json hashes_of(const std::string& sha256) { return Json::array({{{"alg", "SHA-256"}, {"content", sha256}}}); }

Json property(std::string_view name, const std::string& value) { return {{"name", name}, {"value", value}}; }

// Whether `program` is the file that was audited.
bool is_the_subject(const Report& report, const ProgramFile& program) {
  std::error_code none;
  if (!std::filesystem::is_regular_file(program.path, none)) return false;
  try {
    return digest_of_file(program.path) == report.subject.sha256;
  } catch (const std::runtime_error&) {
    return false;
  }
}

std::string distribution_of(const std::string& root) {
  std::ifstream file(root + "/etc/os-release");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("ID=", 0) == 0) return line.substr(3);
  }
  return "debian";
}

// A package URL; what its version may not have as it is, is percent-encoded.
std::string package_url(const Package& package, const std::string& distribution) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string url = "pkg:deb/" + distribution + "/" + package.name + "@";
  for (const char character : package.version) {
    const auto byte = static_cast<unsigned char>(character);
    const bool plain = std::isalnum(byte) != 0 || std::string_view{"-._~"}.find(character) != std::string_view::npos;
    if (plain) {
      url += character;
    } else {
      url += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return url + "?arch=" + package.architecture;
}

Json component_of(const SharedLibrary& library, const std::map<std::string, Package>& owners, const ProgramFile& program) {
  Json component = {{"type", "library"}, {"bom-ref", library.name}, {"name", library.name}};
  const auto owner = owners.find(library.path);
  if (owner != owners.end()) component["version"] = owner->second.version;
  if (!library.path.empty()) component["hashes"] = hashes_of(digest_of_file(program.root + library.path));
  Json properties = Json::array({property("lethe:path", library.path.empty() ? "not found" : library.path)});
  if (owner == owners.end()) {
    properties.push_back(property("lethe:not-known", "no package of this system has this file: version and licence aren't known"));
  } else {
    const auto& package = owner->second;
    if (!package.licence.empty()) component["licenses"] = Json::array({{{"license", {{"name", package.licence}}}}});
    component["purl"] = package_url(package, distribution_of(program.root));
    properties.push_back(property("lethe:package", package.name));
  }
  component["properties"] = properties;
  return component;
}

Json metadata_of(const Report& report, const std::string& not_known) {
  Json binary = {{"type", "application"}, {"bom-ref", binary_reference}, {"name", "lethe"}, {"version", report.subject.version}};
  if (!report.subject.sha256.empty()) binary["hashes"] = hashes_of(report.subject.sha256);
  binary["properties"] = Json::array({property("lethe:program", report.subject.program), property("lethe:not-known", not_known)});
  return {{"timestamp", report.began},
          {"tools", {{"components", Json::array({{{"type", "application"}, {"name", "lethe-audit"}, {"version", report.auditor}}})}}},
          {"component", binary}};
}

Json composition(std::string_view aggregate) {
  return Json::array({{{"aggregate", aggregate}, {"assemblies", Json::array({binary_reference})}}});
}

Json bill(Json metadata, Json components, Json dependencies, Json compositions) {
  return {{"bomFormat", "CycloneDX"},      {"specVersion", "1.5"},           {"version", 1},
          {"metadata", std::move(metadata)}, {"components", std::move(components)}, {"dependencies", std::move(dependencies)},
          {"compositions", std::move(compositions)}};
}

Json full_bill(const Report& report, const LinkedProgram& linked, const ProgramFile& program) {
  std::vector<std::string> paths;
  for (const auto& library : linked.libraries) paths.push_back(library.path);
  const auto owners = owners_of(program.root, paths);
  Json components = Json::array();
  Json dependencies = Json::array({{{"ref", binary_reference}, {"dependsOn", linked.needed}}});
  for (const auto& library : linked.libraries) {
    components.push_back(component_of(library, owners, program));
    dependencies.push_back({{"ref", library.name}, {"dependsOn", library.needed}});
  }
  return bill(metadata_of(report, "libraries that are compiled into the binary (headers and archives) and their versions; libraries "
                                  "that it would load later by itself"),
              std::move(components), std::move(dependencies), composition("incomplete"));
}

}  // namespace

std::string sbom_json(const Report& report, const ProgramFile& program) {
  const auto linked = is_the_subject(report, program) ? read_linked_program(program) : LinkedProgram{};
  const auto json = linked.readable
                        ? full_bill(report, linked, program)
                        : bill(metadata_of(report, "everything but the digest: the audited binary could not be read here"),
                               Json::array(), Json::array(), composition("unknown"));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace lethe::audit
