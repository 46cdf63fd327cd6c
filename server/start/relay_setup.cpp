#include "start/relay_setup.hpp"

#include <algorithm>
#include <thread>

#include "ops/version.hpp"

namespace lethe::start {

net::RelayOptions relay_options(const ops::Config& config, const StartFiles& files, const ops::Predecessor* predecessor) {
  net::RelayOptions options;
  options.name = config.name;
  options.version = ops::version();
  options.build = ops::build_id();
  options.threads = config.threads != 0 ? config.threads : std::max(1U, std::thread::hardware_concurrency());
  options.plaintext = config.tls.plaintext;
  options.require_exporter = config.tls.require_exporter;
  options.trusted_proxies = config.tls.trusted_proxies;
  options.upgrade.allowed_origins = config.allowed_origins;
  options.upgrade.demo = config.demo;
  options.tls = {config.tls.minimum == ops::TlsVersion::v1_2, config.tls.resumption, files.certificate, files.key, config.name};
  options.arena = {config.memory.arena, config.memory.locking, config.memory.secret, options.threads};
  options.drain_acks = config.drain.acks;
  options.retry_after_min = config.drain.retry_after.min;
  options.retry_after_max = config.drain.retry_after.max;
  if (predecessor != nullptr) options.origin = net::Origin{predecessor->epoch, predecessor->hash};
  return options;
}

identity::Admission admission(const ops::Config& config, const StartFiles& files) {
  if (config.admission.mode == ops::AdmissionMode::open) return {};
  return identity::Admission{files.admission_key};
}

ops::MetricNames metric_names() {
  ops::MetricNames names;
  for (std::size_t i = 1; i < names.refusals.size(); ++i) names.refusals[i] = wire::name(static_cast<mailbox::Refusal>(i));
  for (std::size_t i = 0; i < 7; ++i) {
    names.errors[i] = wire::name(static_cast<wire::ErrorCode>(i));
    names.closings[i] = wire::name(static_cast<wire::CloseReason>(i));
  }
  return names;
}

}  // namespace lethe::start
