#include "net/relay_context.hpp"

#include <cstring>

#include "identity/random.hpp"
#include "net/worker.hpp"
#include "session/jitter.hpp"

namespace lethe::net {
namespace {

std::uint64_t random_number() {
  std::array<std::uint8_t, 8> bytes{};
  identity::random_bytes(bytes);
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof number);
  return number;
}

KeyedHash::Key random_key() {
  KeyedHash::Key key{};
  identity::random_bytes(key);
  return key;
}

}  // namespace

RelayContext::RelayContext(RelayOptions chosen, const Limits& given, identity::Admission who, EventLog& events)
    : options{std::move(chosen)},
      limits{given},
      log{events},
      origin{options.origin ? *options.origin : Origin{Epoch{random_number()}, random_key()}},
      epoch{origin.epoch},
      hash{origin.hash},
      admission{std::move(who)},
      terms{options.name, epoch, limits, admission, options.require_exporter},
      tls{options.plaintext ? nullptr : std::make_shared<TlsContext>(options.tls)},
      arena{options.arena},
      budget{limits.relay, options.threads},
      transit{limits.session.transit},
      sources{limits.session},
      proxies{options.trusted_proxies} {
  options.tls.forget_pem();
}

RelayContext::~RelayContext() = default;

seconds RelayContext::retry_after() const {
  const auto span = static_cast<std::uint64_t>((options.retry_after_max - options.retry_after_min).count()) + 1;
  return options.retry_after_min + seconds{static_cast<seconds::rep>(random_number() % span)};
}

seconds RelayContext::short_retry() const { return session::jittered(seconds{1}, random_number()); }

}  // namespace lethe::net
