#include "start/relay_confinement.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <stdexcept>

#include "base/descriptor.hpp"
#include "lockdown/descriptors.hpp"
#include "ops/event_record.hpp"
#include "start/lockdown_advice.hpp"

namespace lethe::start {
namespace {

// What a library prints in its last moments goes nowhere; these numbers mean nothing else ever.
void leave_standard_streams() {
  const Descriptor null{::open("/dev/null", O_RDWR | O_CLOEXEC)};
  for (int number = 0; number < 3; ++number) {
    if (::dup2(null.get(), number) != number) throw std::runtime_error{"lock-down: /dev/null can't be opened"};
  }
}

}  // namespace

RelayConfinement::RelayConfinement(ops::LockdownMode mode, const lockdown::CleanStart& start, int log) {
  leave_standard_streams();
  confinement_.strict = mode == ops::LockdownMode::strict;
  confinement_.start = start;
  if (const auto open = lockdown::open_descriptors()) confinement_.writable = lockdown::loop_descriptors(*open);
  confinement_.writable.push_back({log, sizeof(ops::EventRecord)});
  for (const auto stage : {lockdown::Stage::starting, lockdown::Stage::serving}) {
    auto filter = lockdown::build_filter(lockdown::native_architecture, stage, confinement_.writable);
    // Without a filter the step that wants it fails, in its turn.
    if (filter) (stage == lockdown::Stage::starting ? confinement_.starting : confinement_.serving) = std::move(*filter);
  }
  const auto bytes = lockdown::bytes_of(confinement_.serving);
  auto& digest = confinement_.filter_digest;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) digest = {};
}

Protections RelayConfinement::kept(const lockdown::Confined& confined) const {
  if (confined.has_error()) throw std::runtime_error{advice(confined.error())};
  return *confined;
}

void RelayConfinement::confine() { protections_ = kept(lockdown::confine(confinement_)); }

Protections RelayConfinement::seal() { return kept(lockdown::seal(confinement_, protections_)); }

}  // namespace lethe::start
