#pragma once
// A certificate in files, which several relays of a test can serve.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "support/certificate.hpp"
#include "support/relay_process.hpp"

namespace lethe::test {

class ServedFiles {
 public:
  ServedFiles() {
    char path[] = "/tmp/lethe-served-XXXXXX";
    directory_ = ::mkdtemp(path);
    std::ofstream{directory_ / "chain.pem"} << certificate.chain;
    std::ofstream{directory_ / "key.pem"} << certificate.key;
  }
  ~ServedFiles() { std::filesystem::remove_all(directory_); }
  ServedFiles(const ServedFiles&) = delete;
  ServedFiles& operator=(const ServedFiles&) = delete;

  Settings settings(Settings more = {}) const {
    more.merge(Settings{{"tls.certificate", directory_ / "chain.pem"}, {"tls.key", directory_ / "key.pem"}});
    return more;
  }

  const std::filesystem::path& directory() const { return directory_; }
  // What clients are to trust.
  std::string chain() const { return directory_ / "chain.pem"; }

  const Certificate certificate = make_certificate();

 private:
  std::filesystem::path directory_;
};

}  // namespace lethe::test
