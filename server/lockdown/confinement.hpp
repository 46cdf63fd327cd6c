#pragma once
// The lock-down proper: two calls, with the start of the worker threads between them. docs/lockdown.md has the steps.
//
//   clean_start -> configuration, keys, sockets, event loops -> open_descriptors, build_filter (twice) -> confine
//   -> worker threads start -> seal -> accept
#include <array>
#include <cstdint>
#include <vector>

#include "lockdown/clean_start.hpp"
#include "lockdown/filter.hpp"
#include "lockdown/step.hpp"

namespace lethe::lockdown {

struct Confinement {
  bool strict = true;              // false: a step that fails is left out, and Protections says which hold
  CleanStart start;                // what clean_start returned
  std::vector<Writable> writable;  // what both filters were built with
  FilterProgram starting;          // build_filter(native_architecture, Stage::starting, writable)
  FilterProgram serving;           // the same for Stage::serving
  std::array<std::uint8_t, 32> filter_digest{};   // SHA-256 of bytes_of(serving); reported once that filter is in force
};

// Everything up to the first filter. Once, while the process has one thread (strict: it fails where there are more), after
// the last file was read, every socket bound and every event loop, timer and signal set made: no descriptor but accepted
// connections can come into being afterwards. Threads started later inherit all of it. A process that runs as root keeps
// its user id and loses every capability.
//
// Strict: the first step that fails ends it, with the steps before it in force; the caller stops the process. Best effort:
// always a value. There is no way back, and no step is repeated.
Confined confine(const Confinement& confinement);

// The last filter, for all threads at once (SECCOMP_FILTER_FLAG_TSYNC), after the worker threads run; then the self-test.
// `confined` is what confine returned. From here on: no new thread, descriptor or file, and Protections is what holds.
// The self-test runs only under the filter; it leaves nothing behind. Strict and best effort as with confine.
Confined seal(const Confinement& confinement, const Protections& confined);

}  // namespace lethe::lockdown
