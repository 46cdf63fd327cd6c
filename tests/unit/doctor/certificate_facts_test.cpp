#include <sys/stat.h>

#include <fstream>

#include <gtest/gtest.h>

#include "doctor/gather.hpp"
#include "support/certificate.hpp"
#include "support/temporary_directory.hpp"

namespace lethe::doctor {
namespace {

namespace fs = std::filesystem;

class CertificateFiles : public testing::Test {
 protected:
  CertificateFiles() {
    tls.certificate = folder / "chain.pem";
    tls.key = folder / "key.pem";
    put(good.chain, good.key);
  }
  void put(const std::string& chain, const std::string& key) const {
    std::ofstream{tls.certificate} << chain;
    std::ofstream{tls.key} << key;
  }
  CertificateFacts facts(const std::string& name = "localhost") const { return gather_certificate(tls, name); }

  const test::TemporaryDirectory folder;
  ops::TlsConfig tls;
  const test::Certificate good = test::make_certificate(30);
};

TEST_F(CertificateFiles, TellHowLongForWhomAndForWhoseEyes) {
  ::chmod(tls.key.c_str(), 0640);
  const CertificateFacts seen = facts();
  EXPECT_EQ(seen.fault, CertificateFault::none);
  EXPECT_TRUE(seen.begun);
  EXPECT_GT(seen.seconds_left, 29 * 86'400);
  EXPECT_LE(seen.seconds_left, 30 * 86'400);
  EXPECT_TRUE(seen.names_relay);
  EXPECT_EQ(seen.key_mode, 0640U);
  EXPECT_FALSE(facts("relay.example.org").names_relay);
}

TEST_F(CertificateFiles, TellWhatIsWrongAndWhere) {
  const test::Certificate other = test::make_certificate();
  put(good.chain, other.key);
  EXPECT_EQ(facts().fault, CertificateFault::mismatch);
  EXPECT_EQ(facts().path, tls.key);
  put("nothing", good.key);
  EXPECT_EQ(facts().fault, CertificateFault::no_certificate);
  put(good.chain, "nothing");
  EXPECT_EQ(facts().fault, CertificateFault::no_key);
  fs::remove(tls.key);
  EXPECT_EQ(facts().fault, CertificateFault::unreadable);
  EXPECT_EQ(facts().path, tls.key);
  const test::Certificate old = test::make_certificate(-1);
  put(old.chain, old.key);
  EXPECT_LT(facts().seconds_left, 0);
}

}  // namespace
}  // namespace lethe::doctor
