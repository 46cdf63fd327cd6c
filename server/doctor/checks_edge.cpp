#include "doctor/checks.hpp"
#include "doctor/wording.hpp"

namespace lethe::doctor {
namespace {

constexpr const char* certificate_check = "certificate";
constexpr const char* key_check = "key-file";
constexpr std::int64_t day = 86'400;

std::string days(std::int64_t seconds) {
  const std::int64_t whole = seconds / day;
  return whole == 1 ? "1 day" : std::to_string(whole) + " days";
}

Setting renewal(const Facts& facts) {
  switch (facts.host.place) {
    case Place::systemd: return {"here, as root, once the renewed files are in place", "systemctl reload lethe"};
    case Place::docker: return {"the host, once the renewed files are in place", "docker kill --signal HUP lethe"};
    case Place::podman: return {"the host, once the renewed files are in place", "podman kill --signal HUP lethe"};
    case Place::kubernetes: return {"the cluster", "kubectl -n lethe create secret tls lethe-tls --cert chain.pem --key key.pem --dry-run=client -o yaml | kubectl apply -f -"};
    case Place::shell: break;
  }
  return {"here, once the renewed files are in place", "pkill -HUP lethe-broker"};
}

Finding unusable(const CertificateFacts& certificate) {
  const Setting fix = in_configuration(R"("tls": {"certificate": "PEM chain, leaf first", "key": "its PEM key, unencrypted"})");
  constexpr const char* why = "The relay doesn't start with it; one that runs keeps the certificate that it has (certificate_rejected).";
  switch (certificate.fault) {
    case CertificateFault::unreadable:
      return found(Severity::warning, certificate_check, certificate.path + " can't be read by this user.", why, {"here, as root", "ls -l " + certificate.path});
    case CertificateFault::no_certificate: return found(Severity::warning, certificate_check, certificate.path + " holds no PEM certificate.", why, fix);
    case CertificateFault::no_key: return found(Severity::warning, certificate_check, certificate.path + " holds no unencrypted PEM key.", why, fix);
    default: break;
  }
  return found(Severity::warning, certificate_check, "The key in " + certificate.path + " belongs to another certificate.", why, fix);
}

}  // namespace

Finding check_certificate(const ops::Config& config, const Facts& facts) {
  if (config.tls.plaintext) {
    return found(Severity::note, certificate_check, "No TLS is spoken (tls.plaintext).",
                 "What ends TLS in front sees addresses and times; passing TLS through hides them from it (docs/operations.md).");
  }
  if (!facts.certificate) {
    return found(Severity::note, certificate_check, "A development certificate is made at each start.", "Clients can't know the relay by it.",
                 in_configuration(R"("tls": {"certificate": "/etc/lethe/chain.pem", "key": "/etc/lethe/key.pem"})"));
  }
  const CertificateFacts& certificate = *facts.certificate;
  if (certificate.fault != CertificateFault::none) return unusable(certificate);
  if (!certificate.begun) {
    return found(Severity::warning, certificate_check, "The certificate isn't valid yet.", "No client connects; or this machine's clock is wrong.",
                 on_host(facts.host.place, "timedatectl set-ntp true"));
  }
  if (certificate.seconds_left <= 0) return found(Severity::warning, certificate_check, "The certificate has run out.", "No client connects.", renewal(facts));
  if (!certificate.names_relay) {
    return found(Severity::warning, certificate_check, "The certificate is not for " + config.name + " (name).", "Clients that dial that name refuse it.",
                 in_configuration(R"("name": "a name that the certificate is for")"));
  }
  const std::string left = "The certificate is valid for another " + days(certificate.seconds_left) + ", its key fits, and it is for " + config.name + ".";
  if (certificate.seconds_left < 7 * day) return found(Severity::warning, certificate_check, left, "Renewal is late: certificates are renewed a month before, as a rule.", renewal(facts));
  if (certificate.seconds_left < 21 * day) return found(Severity::note, certificate_check, left, "Is renewal on its way?", renewal(facts));
  return fine(certificate_check, left);
}

Finding check_key_file(const ops::Config& config, const Facts& facts) {
  if (!facts.certificate || facts.certificate->fault == CertificateFault::unreadable) return fine(key_check, "There is no key's file to look at.");
  const unsigned mode = facts.certificate->key_mode;
  if ((mode & 0022) != 0) {
    return found(Severity::warning, key_check, "Others than its owner may write the key's file.", "Who can replace the key can be the relay.",
                 on_host(Place::shell, "chmod go-w " + config.tls.key));
  }
  if ((mode & 0004) != 0 && facts.host.place != Place::kubernetes) {
    return found(facts.host.place == Place::systemd ? Severity::note : Severity::warning, key_check, "Every user may read the key's file, if its folder lets them in.",
                 "Who has the key can pose as the relay, and see addresses and times of who believes it.", on_host(Place::shell, "chmod o-rwx " + config.tls.key));
  }
  return fine(key_check, "Only its owner, or group, may read the key.");
}

Finding check_clock(const ops::Config& config, const Facts& facts) {
  constexpr const char* check = "clock";
  if (!facts.host.synchronised) return unseen(check, "Whether the clock is kept right");
  if (!*facts.host.synchronised) {
    const bool tokens = config.admission.mode == ops::AdmissionMode::jwt;
    return found(tokens ? Severity::warning : Severity::note, check, "Nothing keeps the clock right.",
                 tokens ? "Tokens (exp, nbf) and certificates are judged by it." : "Certificates are judged by it. Expiry of messages is not: that is counted.",
                 on_host(facts.host.place, "timedatectl set-ntp true"));
  }
  const std::string& source = facts.host.clock_source;
  if (source == "hpet" || source == "acpi_pm" || source == "jiffies") {
    return found(Severity::note, check, "The clock is right, but read from " + source + ".", "Each look at it costs a microsecond and more; the relay looks several times a message.",
                 {"the kernel's command line", "clocksource=tsc tsc=reliable"});
  }
  return fine(check, "The clock is kept right.");
}

Finding check_entropy(const ops::Config&, const Facts& facts) {
  constexpr const char* check = "entropy";
  if (facts.host.seeded) return fine(check, "The kernel has random numbers.");
  return found(Severity::warning, check, "The kernel has no random numbers yet.", "The start waits for them: keys and nonces are made of them.",
               on_host(facts.host.place, "apt-get install rng-tools5"));
}

Finding check_log(const ops::Config&, const Facts& facts) {
  constexpr const char* check = "log";
  constexpr const char* why = "There is nothing in it that must not be there: events from a closed list, and numbers (docs/operations.md, «Log»).";
  const char* to = nullptr;
  switch (facts.host.place) {
    case Place::docker:
    case Place::podman: to = "The engine's log driver writes the log to a disk, as a rule."; break;
    case Place::kubernetes: to = "The node writes the log to a disk."; break;
    case Place::systemd: to = facts.host.journal_on_disk ? "The journal writes the log to a disk." : "The log goes to the journal, which is in memory."; break;
    case Place::shell: to = facts.host.output_is_file ? "Standard output is a file." : "Standard output is no file."; break;
  }
  const bool disk = facts.host.place == Place::systemd ? facts.host.journal_on_disk : facts.host.place != Place::shell || facts.host.output_is_file;
  return disk ? found(Severity::note, check, to, why) : fine(check, to);
}

Finding check_admin(const ops::Config& config, const Facts& facts) {
  constexpr const char* check = "admin";
  if (!config.admin) return fine(check, "The admin pages are off.");
  const std::string& address = config.admin->address;
  if (address.starts_with("127.") || address == "::1") return fine(check, "The admin pages are for this machine alone.");
  if (facts.host.place == Place::docker || facts.host.place == Place::podman || facts.host.place == Place::kubernetes) {
    return found(Severity::note, check, "The admin pages answer at " + address + ".", "They tell numbers, without TLS: the container's network must keep them private.");
  }
  return found(Severity::warning, check, "The admin pages answer at " + address + ".", "They tell how many come and go, without TLS, to whoever reaches that address.",
               in_configuration(R"("admin": "127.0.0.1:)" + std::to_string(config.admin->port) + "\""));
}

}  // namespace lethe::doctor
