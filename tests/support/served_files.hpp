#pragma once
// A certificate in files, which several relays of a test can serve.
#include <filesystem>
#include <fstream>

#include "support/certificate.hpp"
#include "support/relay_process.hpp"
#include "support/temporary_directory.hpp"

namespace lethe::test {

class ServedFiles {
 public:
  ServedFiles() {
    std::ofstream{directory_ / "chain.pem"} << certificate.chain;
    std::ofstream{directory_ / "key.pem"} << certificate.key;
  }

  Settings settings(Settings more = {}) const {
    more.merge(Settings{{"tls.certificate", directory_ / "chain.pem"}, {"tls.key", directory_ / "key.pem"}});
    return more;
  }

  std::filesystem::path directory() const { return directory_.path(); }
  // What clients are to trust.
  std::string chain() const { return directory_ / "chain.pem"; }

  const Certificate certificate = make_certificate();

 private:
  TemporaryDirectory directory_;
};

}  // namespace lethe::test
