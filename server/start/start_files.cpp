#include "start/start_files.hpp"

#include <stdexcept>

#include "base/renewal.hpp"
#include "ops/secret_file.hpp"

namespace lethe::start {
namespace {

std::string read(const std::string& path, const char* option, std::size_t longest) {
  if (path.empty()) return {};
  Result<std::string> text = ops::read_secret_file(path, longest);
  if (!text) throw std::runtime_error{std::string{option} + ": the file can't be read"};
  return std::move(*text);
}

}  // namespace

StartFiles::~StartFiles() {
  for (std::string* const text : {&certificate, &key, &admission_key}) ops::forget(*text);
}

StartFiles read_start_files(const ops::Config& config) {
  StartFiles files;
  files.certificate = read(config.tls.certificate, "tls.certificate", longest_certificate);
  files.key = read(config.tls.key, "tls.key", longest_key);
  files.admission_key = read(config.admission.key_file, "admission.key_file", longest_key);
  return files;
}

}  // namespace lethe::start
