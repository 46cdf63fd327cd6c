#pragma once
// The relay under audit: its processes, its ports and everything it has written. Started from a Launch, or found by a pid.
#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audit/stage/launch.hpp"
#include "audit/stage/output_reader.hpp"
#include "audit/stage/process_table.hpp"

namespace lethe::audit {

class RelayProcess {
 public:
  // Starts it and returns when it listens; its log, on stdout, must say so. Throws std::runtime_error with its output where it
  // doesn't come up.
  explicit RelayProcess(const Launch& launch);
  // A running one; its ports from its descriptors. It is neither stopped nor written to. Throws std::runtime_error.
  explicit RelayProcess(pid_t running);
  // Kills what it has started and what that has started.
  ~RelayProcess();
  RelayProcess(const RelayProcess&) = delete;
  RelayProcess& operator=(const RelayProcess&) = delete;

  // The process that was started (the broker where there is one), then its descendants, those that have lost their parent
  // included (the auditor is their subreaper). As of now; empty once all have ended.
  std::vector<pid_t> pids() const;
  // The one that holds the listening socket, or did as long as it had one. 0 once it has ended.
  pid_t serving() const;
  std::uint16_t port() const noexcept { return port_; }
  std::uint16_t admin_port() const noexcept { return admin_port_; }   // 0: none
  // Everything written so far. Empty for a running one, whose output goes elsewhere.
  std::string out() const;
  std::string err() const;

  // To the process that was started.
  void signal(int number) const;
  // Waits for the end of the process that was started, and then some seconds for the others'; its wait status. Throws
  // std::runtime_error after a minute.
  int wait();
  std::optional<int> status() const noexcept { return status_; }   // as of waitpid; absent while it runs

 private:
  void await_ports();
  void find_ports();
  // Without those that have ended.
  std::vector<ProcessEntry> living() const;
  bool await_the_others() const;
  void kill_all();

  pid_t pid_ = -1;
  bool ours_ = true;
  std::uint64_t started_ = 0;            // clock ticks since the boot
  std::unique_ptr<OutputReader> output_;
  std::uint16_t port_ = 0;
  std::uint16_t admin_port_ = 0;
  mutable pid_t serving_ = 0;            // as last seen
  std::optional<int> status_;
};

}  // namespace lethe::audit
