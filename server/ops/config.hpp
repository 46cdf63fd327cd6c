#pragma once
// What an operator can choose. The initialisers are the defaults; names, bounds and sentences stand in options.cpp, where
// each field appears once. Read-only after the start.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <lethe/base/limits.hpp>
#include <lethe/base/time.hpp>

#include "base/arena.hpp"
#include "base/event_log.hpp"
#include "ops/endpoint.hpp"

namespace lethe::ops {

enum class TlsVersion { v1_2, v1_3 };
enum class AdmissionMode { open, jwt };
enum class LogFormat { text, json };
// What a start does where a part of the lock-down can't be had: fail, go on without it and say so, or try none of it.
enum class LockdownMode { strict, best_effort, off };
// What a start does where something of the host breaks the promise (lethe --doctor): fail, say so, or not look.
enum class HostCheck { strict, warn, off };

struct TlsConfig {
  std::string certificate;                    // path of a PEM chain; empty: a development certificate made in memory
  std::string key;                            // path of its PEM key
  TlsVersion minimum = TlsVersion::v1_3;
  bool resumption = false;
  bool plaintext = false;
  std::vector<std::string> trusted_proxies;   // addresses and networks, numeric
  bool require_exporter = false;
};

struct AdmissionConfig {
  AdmissionMode mode = AdmissionMode::open;
  std::string key_file;                       // path of a PEM public key
};

struct MemoryConfig {
  ByteCount arena = Arena::Options{}.size;
  MemoryLocking locking = MemoryLocking::required;
  SecretMemory secret = SecretMemory::best_effort;
};

// A range from which a random number is drawn, both ends included.
struct Jitter {
  seconds min{1};
  seconds max{30};
};

struct DrainConfig {
  seconds acks{10};
  Jitter retry_after;
};

struct LogConfig {
  Severity level = Severity::info;
  LogFormat format = LogFormat::text;
};

struct Config {
  Endpoint listen{"127.0.0.1", 8443};
  std::optional<Endpoint> admin = Endpoint{"127.0.0.1", 9443};   // absent: no admin listener
  std::string name = "localhost";
  unsigned threads = 0;                                          // 0: one a core
  LockdownMode lockdown = LockdownMode::strict;
  HostCheck host_check = HostCheck::warn;
  std::vector<std::string> allowed_origins = {"*"};              // «*» or exact origins; empty: no Origin, or the relay's own
  bool demo = false;
  std::string hand_over;                                         // «@» and an abstract name, or a path; empty: off
  bool take_over = false;                                        // of this start alone: there must be a relay to take over from
  TlsConfig tls;
  AdmissionConfig admission;
  MemoryConfig memory;
  Limits limits;
  DrainConfig drain;
  LogConfig log;
};

}  // namespace lethe::ops
