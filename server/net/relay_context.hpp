#pragma once
// What all threads of one relay share. Built before they start and, but for the counters and budgets, read-only after.
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <lethe/base/ids.hpp>
#include <lethe/base/limits.hpp>

#include "base/arena.hpp"
#include "base/event_log.hpp"
#include "base/keyed_hash.hpp"
#include "identity/admission.hpp"
#include "mailbox/relay_budget.hpp"
#include "net/proxy_address.hpp"
#include "net/scratch.hpp"
#include "net/tls_context.hpp"
#include "net/upgrade.hpp"
#include "session/greeting.hpp"
#include "net/source_limits.hpp"

namespace lethe::net {

class Worker;

// What a relay has from the one that it takes over from, so that what that one held stays what it is.
struct Origin {
  Epoch epoch{};
  KeyedHash::Key hash{};
};

// What the operator chose for the edge.
struct RelayOptions {
  std::string name;                           // the public one, which clients sign
  std::string version;
  std::string build;
  unsigned threads = 1;
  bool plaintext = false;                     // no TLS: behind a TLS-terminating proxy
  bool require_exporter = false;
  TlsOptions tls;
  std::vector<std::string> trusted_proxies;   // numeric addresses and networks
  UpgradePolicy upgrade;
  Arena::Options arena;
  seconds drain_acks{10};
  seconds retry_after_min{1};
  seconds retry_after_max{30};
  std::optional<Origin> origin;               // absent: an epoch and a key of its own
};

struct RelayContext {
  // Throws std::runtime_error with one clear sentence.
  RelayContext(RelayOptions chosen, const Limits& limits, identity::Admission admission, EventLog& log);

  RelayOptions options;
  Limits limits;                              // of the start; Worker::limits has what has changed since
  EventLog& log;
  Origin origin;
  Epoch epoch;
  KeyedHash hash;
  identity::Admission admission;
  session::Terms terms;
  std::shared_ptr<TlsContext> tls;            // null: plaintext. The front thread's; each worker has its own pointer
  Arena arena;
  mailbox::RelayBudget budget;
  TransitBudget transit;
  SourceLimits sources;
  TrustedProxies proxies;
  std::string well_known;                     // the page, made before the first connection is accepted
  std::vector<std::unique_ptr<Worker>> workers;
  bool all_locked = false;                    // all memory of the process; set before the threads start
  std::atomic<std::uint64_t> session_numbers{0};
  std::atomic<std::int64_t> connections{0};   // from accept to their end
  std::atomic<std::int64_t> sessions{0};      // of these, those that were upgraded
  std::atomic<bool> draining{false};
  std::atomic<bool> handing_over{false};      // while draining: what is accepted now is not lost, so it is not refused

  ~RelayContext();

  // A retry_after for a session that is told to come back when the relay does.
  seconds retry_after() const;
  // One for a session that ends by itself: a second or two, so that what ended together doesn't come back together.
  seconds short_retry() const;
};

}  // namespace lethe::net
