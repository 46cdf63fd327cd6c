#include <gmock/gmock.h>

#include "unit/doctor/healthy.hpp"

namespace lethe::doctor {
namespace {

using ::testing::HasSubstr;

class EdgeChecks : public testing::Test {
 protected:
  Severity of(Check check) const { return check(config, facts).severity; }

  ops::Config config = good_config();
  Facts facts = healthy();
};

TEST_F(EdgeChecks, ACertificateRunsOut) {
  constexpr std::int64_t day = 86'400;
  const struct { std::int64_t left; Severity severity; } cases[] = {
      {60 * day, Severity::ok}, {21 * day, Severity::ok}, {21 * day - 1, Severity::note}, {7 * day - 1, Severity::warning}, {-1, Severity::warning}};
  for (const auto& [left, severity] : cases) {
    facts.certificate->seconds_left = left;
    EXPECT_EQ(of(check_certificate), severity) << left;
  }
  EXPECT_THAT(check_certificate(config, facts).what, HasSubstr("run out"));
  facts.host.place = Place::systemd;
  EXPECT_EQ(check_certificate(config, facts).fix, "systemctl reload lethe");
}

TEST_F(EdgeChecks, ACertificateMustBeOneAndFit) {
  const struct { CertificateFault fault; const char* says; } cases[] = {
      {CertificateFault::unreadable, "can't be read"},
      {CertificateFault::no_certificate, "no PEM certificate"},
      {CertificateFault::no_key, "no unencrypted PEM key"},
      {CertificateFault::mismatch, "another certificate"},
  };
  for (const auto& [fault, says] : cases) {
    facts.certificate->fault = fault;
    EXPECT_EQ(of(check_certificate), Severity::warning);
    EXPECT_THAT(check_certificate(config, facts).what, HasSubstr(says));
  }
  facts = healthy();
  facts.certificate->names_relay = false;
  EXPECT_THAT(check_certificate(config, facts).what, HasSubstr("relay.example.org"));
  facts.certificate->begun = false;
  EXPECT_THAT(check_certificate(config, facts).what, HasSubstr("yet"));
}

TEST_F(EdgeChecks, NoCertificateIsWorthANote) {
  facts.certificate.reset();
  EXPECT_EQ(of(check_certificate), Severity::note);
  EXPECT_EQ(of(check_key_file), Severity::ok);
  config.tls.plaintext = true;
  EXPECT_THAT(check_certificate(config, facts).what, HasSubstr("tls.plaintext"));
}

TEST_F(EdgeChecks, TheKeysFileIsForFew) {
  const struct { unsigned mode; Severity severity; const char* fix; } cases[] = {
      {0600, Severity::ok, ""},
      {0640, Severity::ok, ""},
      {0644, Severity::warning, "chmod o-rwx /etc/lethe/key.pem"},
      {0660, Severity::warning, "chmod go-w /etc/lethe/key.pem"},
  };
  for (const auto& [mode, severity, fix] : cases) {
    facts.certificate->key_mode = mode;
    EXPECT_EQ(of(check_key_file), severity) << mode;
    EXPECT_EQ(check_key_file(config, facts).fix, fix);
  }
  facts.certificate->key_mode = 0444;
  facts.host.place = Place::systemd;
  EXPECT_EQ(of(check_key_file), Severity::note) << "the unit's folder keeps others out";
}

TEST_F(EdgeChecks, AClockThatNothingKeepsRightMattersMostForTokens) {
  facts.host.synchronised = false;
  EXPECT_EQ(of(check_clock), Severity::note);
  config.admission.mode = ops::AdmissionMode::jwt;
  EXPECT_EQ(of(check_clock), Severity::warning);
  facts.host.synchronised = true;
  EXPECT_EQ(of(check_clock), Severity::ok);
  facts.host.clock_source = "acpi_pm";
  EXPECT_EQ(of(check_clock), Severity::note);
  facts.host.synchronised.reset();
  EXPECT_THAT(check_clock(config, facts).what, HasSubstr("can't be seen"));
}

TEST_F(EdgeChecks, AKernelWithoutRandomNumbersHoldsUpTheStart) {
  EXPECT_EQ(of(check_entropy), Severity::ok);
  facts.host.seeded = false;
  EXPECT_EQ(of(check_entropy), Severity::warning);
}

TEST_F(EdgeChecks, ALogThatIsWrittenToADiskSaysThatNothingSecretIsInIt) {
  EXPECT_EQ(of(check_log), Severity::ok);
  facts.host.output_is_file = true;
  EXPECT_EQ(of(check_log), Severity::note);
  facts.host.output_is_file = false;
  for (const Place place : {Place::docker, Place::podman, Place::kubernetes}) {
    facts.host.place = place;
    EXPECT_EQ(of(check_log), Severity::note);
    EXPECT_THAT(check_log(config, facts).why, HasSubstr("nothing in it that must not be there"));
  }
  facts.host.place = Place::systemd;
  EXPECT_EQ(of(check_log), Severity::ok);
  facts.host.journal_on_disk = true;
  EXPECT_EQ(of(check_log), Severity::note);
}

TEST_F(EdgeChecks, TheAdminPagesAreForTheMachine) {
  EXPECT_EQ(of(check_admin), Severity::ok);
  config.admin = ops::Endpoint{"0.0.0.0", 9'443};
  EXPECT_EQ(of(check_admin), Severity::warning);
  EXPECT_EQ(check_admin(config, facts).fix, R"("admin": "127.0.0.1:9443")");
  facts.host.place = Place::docker;
  EXPECT_EQ(of(check_admin), Severity::note);
  config.admin.reset();
  EXPECT_EQ(of(check_admin), Severity::ok);
}

}  // namespace
}  // namespace lethe::doctor
