#include "audit/stage/relay_process.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>

#include "audit/peer/plain_http.hpp"
#include "audit/peer/tls_client.hpp"
#include "audit/stage/start_child.hpp"

namespace lethe::audit {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::minutes until_it_ends{5};   // a crash writes all memory down first
constexpr std::chrono::milliseconds poll_pause{2};
constexpr std::chrono::seconds for_the_others{10};

// In either form of the log. 0: not said.
std::uint16_t port_after(const std::string& log, const std::string& event) {
  for (const std::string& form : {" " + event + " port=", "\"event\":\"" + event + "\",\"port\":"}) {
    const auto at = log.find(form);
    if (at == std::string::npos || log.find('\n', at) == std::string::npos) continue;
    std::uint16_t port = 0;
    std::from_chars(log.data() + at + form.size(), log.data() + log.size(), port);
    return port;
  }
  return 0;
}

bool ended(const ProcessEntry& entry) { return entry.state == 'Z' || entry.state == 'X'; }

std::uint64_t start_of(pid_t pid) {
  for (const ProcessEntry& entry : all_processes()) {
    if (entry.pid == pid) return entry.started;
  }
  return 0;
}

}  // namespace

RelayProcess::RelayProcess(const Launch& launch) : output_{std::make_unique<OutputReader>()} {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  pid_ = start_child(launch, output_->out_end(), output_->err_end());
  output_->started();
  started_ = start_of(pid_);
  try {
    await_ports();
  } catch (...) {
    kill_all();
    throw;
  }
}

RelayProcess::RelayProcess(pid_t running) : pid_{running}, ours_{false}, started_{start_of(running)} {
  if (started_ == 0) throw std::runtime_error{"there is no process " + std::to_string(running)};
  find_ports();
}

RelayProcess::~RelayProcess() {
  if (ours_) kill_all();
}

void RelayProcess::await_ports() {
  const auto end = Clock::now() + peer::patience;
  for (;;) {
    const bool gone = ::waitpid(pid_, nullptr, WNOHANG) != 0;
    const std::string log = out();
    port_ = port_after(log, "listening");
    admin_port_ = port_after(log, "admin_listening");
    if (port_ != 0 && !gone) return;
    if (gone || Clock::now() >= end) throw std::runtime_error{"the relay did not come up:\n" + log + err()};
    std::this_thread::sleep_for(poll_pause);
  }
}

// Only the admin listener answers plain HTTP.
void RelayProcess::find_ports() {
  for (const ListeningPort& listening : listening_ports(pids())) {
    if (peer::plain_get(listening.port, "/healthz").status == 200) {
      admin_port_ = listening.port;
    } else {
      port_ = listening.port;
      serving_ = listening.holder;
    }
  }
  if (port_ == 0) throw std::runtime_error{"process " + std::to_string(pid_) + " listens at no port that the auditor can see"};
}

std::vector<ProcessEntry> RelayProcess::living() const {
  const std::vector<ProcessEntry> all = all_processes();
  std::vector<ProcessEntry> found = with_descendants(all, pid_);
  if (!found.empty() && found.front().started != started_) found.clear();   // another one has its number now
  if (ours_) {
    // Orphans come to the auditor; it has children of its own, which run its own program or are waited for at once.
    const std::string own = executable_of(::getpid());
    for (const ProcessEntry& entry : all) {
      const bool orphan = entry.parent == ::getpid() && entry.pid != pid_ && entry.started >= started_ && started_ != 0;
      if (!orphan || ended(entry) || executable_of(entry.pid) == own) continue;
      for (const ProcessEntry& one : with_descendants(all, entry.pid)) found.push_back(one);
    }
  }
  std::erase_if(found, ended);
  return found;
}

std::vector<pid_t> RelayProcess::pids() const {
  std::vector<pid_t> all;
  for (const ProcessEntry& entry : living()) all.push_back(entry.pid);
  return all;
}

pid_t RelayProcess::serving() const {
  const std::vector<pid_t> all = pids();
  for (const ListeningPort& listening : listening_ports(all)) {
    if (listening.port == port_) serving_ = listening.holder;
  }
  return std::ranges::find(all, serving_) != all.end() ? serving_ : 0;
}

std::string RelayProcess::out() const { return output_ ? output_->out() : std::string{}; }
std::string RelayProcess::err() const { return output_ ? output_->err() : std::string{}; }

void RelayProcess::signal(int number) const {
  if (!status_) ::kill(pid_, number);
}

int RelayProcess::wait() {
  if (status_) return *status_;
  const auto end = Clock::now() + until_it_ends;
  int status = 0;
  while (::waitpid(pid_, &status, WNOHANG) == 0) {
    if (Clock::now() >= end) throw std::runtime_error{"the relay did not end within five minutes"};
    std::this_thread::sleep_for(poll_pause);
  }
  status_ = status;
  await_the_others();
  return status;
}

bool RelayProcess::await_the_others() const {
  for (const auto end = Clock::now() + for_the_others; Clock::now() < end; std::this_thread::sleep_for(poll_pause)) {
    const std::vector<pid_t> left = pids();
    if (left.empty()) return true;
    for (const pid_t pid : left) ::waitpid(pid, nullptr, WNOHANG);
  }
  return false;
}

void RelayProcess::kill_all() {
  for (const pid_t pid : pids()) ::kill(pid, SIGKILL);
  if (!status_) {
    int status = 0;
    if (::waitpid(pid_, &status, 0) == pid_) status_ = status;
  }
  for (const pid_t pid : pids()) ::kill(pid, SIGKILL);   // those that were made meanwhile
  await_the_others();
}

}  // namespace lethe::audit
