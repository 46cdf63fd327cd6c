#include "ops/certificate_watch.hpp"

#include <poll.h>

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "support/temporary_directory.hpp"

namespace lethe::ops {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Clock = CertificateWatch::Clock;

class Watch : public testing::Test {
 protected:
  Watch() {
    put("chain.pem", "chain");
    put("key.pem", "key");
    tls.certificate = folder / "chain.pem";
    tls.key = folder / "key.pem";
  }
  void put(const std::string& name, const std::string& text) const { std::ofstream{folder / name} << text; }
  CertificateWatch watch(bool told = true) const {
    return {tls, told ? std::vector<std::string>{folder} : std::vector<std::string>{}, start};
  }
  static bool has_heard(const CertificateWatch& watch) {
    pollfd polled{watch.descriptor(), POLLIN, 0};
    return ::poll(&polled, 1, 0) > 0;
  }

  const lethe::test::TemporaryDirectory directory;
  const fs::path folder = directory.path();
  TlsConfig tls;
  const Clock::time_point start{1h};
};

TEST_F(Watch, WaitsForNothingWithoutACertificate) {
  CertificateWatch watch{{}, {}, start};
  EXPECT_EQ(watch.descriptor(), -1);
  EXPECT_EQ(watch.wait(start), -1);
  watch.hear(start);
  EXPECT_FALSE(watch.changed(start + 1h));
}

TEST_F(Watch, IsToldOfAWriteAndLooksOnceItIsQuiet) {
  CertificateWatch watched = watch();
  EXPECT_FALSE(has_heard(watched));
  EXPECT_EQ(watched.wait(start), 60'000);
  put("chain.pem", "another chain");
  ASSERT_TRUE(has_heard(watched));
  watched.hear(start);
  EXPECT_EQ(watched.wait(start), 1'000);
  EXPECT_FALSE(watched.changed(start + 500ms)) << "the key may be on its way";
  put("key.pem", "another key");
  watched.hear(start + 500ms);
  EXPECT_FALSE(watched.changed(start + 1'400ms));
  EXPECT_TRUE(watched.changed(start + 1'500ms));
  EXPECT_FALSE(watched.changed(start + 2min)) << "once";
}

TEST_F(Watch, LooksInTheEndWhereItIsNeverQuiet) {
  CertificateWatch watched = watch();
  put("chain.pem", "another chain");
  Clock::time_point now = start;
  for (; now < start + 9'900ms; now += 300ms) {
    put("noise", "x");
    watched.hear(now);
    EXPECT_FALSE(watched.changed(now));
  }
  put("noise", "x");
  watched.hear(start + 10s);
  EXPECT_TRUE(watched.changed(start + 10s));
}

TEST_F(Watch, IsNotInterestedInOtherFiles) {
  CertificateWatch watched = watch();
  put("lethe.json", "{}");
  ASSERT_TRUE(has_heard(watched));
  watched.hear(start);
  EXPECT_FALSE(watched.changed(start + 1s));
}

TEST_F(Watch, SeesARenameOverAndARemoval) {
  CertificateWatch watched = watch();
  put("new", "chain");
  fs::rename(folder / "new", tls.certificate);
  watched.hear(start);
  EXPECT_TRUE(watched.changed(start + 1s)) << "the same bytes in another file";
  fs::remove(tls.key);
  watched.hear(start + 2s);
  EXPECT_TRUE(watched.changed(start + 3s));
}

// Kubernetes: chain.pem -> ..data/chain.pem, ..data -> ..one, and then another ..data is renamed over it.
TEST_F(Watch, SeesALinkThatPointsElsewhere) {
  for (const char* const version : {"..one", "..two"}) {
    fs::create_directory(folder / version);
    for (const char* const name : {"chain.pem", "key.pem"}) put(fs::path{version} / name, version);
  }
  fs::create_directory_symlink("..one", folder / "..data");
  for (const char* const name : {"chain.pem", "key.pem"}) {
    fs::remove(folder / name);
    fs::create_symlink(fs::path{"..data"} / name, folder / name);
  }
  CertificateWatch watched = watch();
  fs::create_directory_symlink("..two", folder / "..data_tmp");
  fs::rename(folder / "..data_tmp", folder / "..data");
  ASSERT_TRUE(has_heard(watched));
  watched.hear(start);
  EXPECT_TRUE(watched.changed(start + 1s));
}

TEST_F(Watch, LooksEachMinuteWhereNothingTellsIt) {
  CertificateWatch watched = watch(false);
  put("key.pem", "another key");
  watched.hear(start);
  EXPECT_FALSE(watched.changed(start + 59s));
  EXPECT_TRUE(watched.changed(start + 60s));
  EXPECT_EQ(watched.wait(start + 60s), 60'000);
}

TEST_F(Watch, WhatWasReadForAnotherReasonIsNotNews) {
  CertificateWatch watched = watch();
  put("key.pem", "another key");
  watched.hear(start);
  watched.seen();
  EXPECT_FALSE(watched.changed(start + 1s));
}

}  // namespace
}  // namespace lethe::ops
