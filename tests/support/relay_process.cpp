#include "support/relay_process.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit/peer/plain_http.hpp"

namespace lethe::test {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds poll_pause{5};

// Where a process writes: grows without blocking the writer, and can be read at any time.
int memory_file() {
  const int file = ::memfd_create("lethe-output", MFD_CLOEXEC);
  if (file < 0) throw std::runtime_error{"memfd_create failed"};
  return file;
}

std::string content(int file) {
  std::string text;
  char part[4'096];
  for (;;) {
    const ssize_t got = ::pread(file, part, sizeof part, static_cast<off_t>(text.size()));
    if (got <= 0) return text;
    text.append(part, static_cast<std::size_t>(got));
  }
}

int output_of(const Preparation& preparation) {
  if (preparation.output.empty()) return memory_file();
  const int file = ::open(preparation.output.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) throw std::runtime_error{"the output can't be opened"};
  return file;
}

pid_t spawn(const std::vector<std::string>& arguments, const Preparation& preparation, int out, int err) {
  std::vector<std::string> words{LETHE_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error{"fork failed"};
  if (child > 0) return child;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(126);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  if (preparation.in_child) preparation.in_child();
  ::execv(argv.front(), argv.data());
  ::_exit(127);
}

// In either form of the log.
std::uint16_t port_after(const std::string& log, const std::string& event) {
  for (const std::string& form : {" " + event + " port=", "\"event\":\"" + event + "\",\"port\":"}) {
    const auto at = log.find(form);
    if (at == std::string::npos || log.find('\n', at) == std::string::npos) continue;
    return static_cast<std::uint16_t>(std::stoi(log.substr(at + form.size())));
  }
  return 0;
}

int wait_for(pid_t pid) {
  const auto end = Clock::now() + patience;
  int status = 0;
  while (::waitpid(pid, &status, WNOHANG) == 0) {
    if (Clock::now() >= end) {
      ::kill(pid, SIGKILL);
      ::waitpid(pid, &status, 0);
      throw std::runtime_error{"the relay did not end"};
    }
    std::this_thread::sleep_for(poll_pause);
  }
  return status;
}

int exit_status(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : -1; }

}  // namespace

bool locks_down() noexcept {
#ifdef LETHE_SANITIZED
  return false;
#else
  return true;
#endif
}

Ended run_relay(const std::vector<std::string>& arguments, const Preparation& preparation) {
  if (!locks_down()) ::setenv("LETHE_LOCKDOWN", "off", 0);
  const int out = output_of(preparation);
  const int err = memory_file();
  Ended ended;
  ended.status = exit_status(wait_for(spawn(arguments, preparation, out, err)));
  ended.out = content(out);
  ended.err = content(err);
  ::close(out);
  ::close(err);
  return ended;
}

RelayProcess::RelayProcess(const Settings& settings, const Preparation& preparation)
    : out_{output_of(preparation)}, err_{memory_file()} {
  Settings all{{"listen", "127.0.0.1:0"},   {"admin", "127.0.0.1:0"},   {"threads", "1"},
               {"memory.locking", "off"},   {"memory.arena", "64MiB"},  {"limits.relay.bytes", "48MiB"}};
  if (!locks_down()) all["lockdown"] = "off";
  for (const auto& [name, value] : settings) all[name] = value;
  std::vector<std::string> arguments;
  for (const auto& [name, value] : all) arguments.push_back("--" + name + "=" + value);
  pid_ = spawn(arguments, preparation, out_, err_);
  await_ports();
}

RelayProcess::~RelayProcess() {
  kill();
  ::close(out_);
  ::close(err_);
}

void RelayProcess::await_ports() {
  const auto end = Clock::now() + patience;
  while (port_ == 0 || admin_port_ == 0) {
    const std::string log = out();
    port_ = port_after(log, "listening");
    admin_port_ = port_after(log, "admin_listening");
    if (port_ != 0 && admin_port_ != 0) return;
    if (running() && Clock::now() < end) {
      std::this_thread::sleep_for(poll_pause);
      continue;
    }
    kill();
    throw std::runtime_error{"the relay did not come up:\n" + log + err()};
  }
}

std::string RelayProcess::out() const { return content(out_); }
std::string RelayProcess::err() const { return content(err_); }

std::string RelayProcess::fingerprint() const {
  constexpr std::string_view before = "development certificate, SHA-256 ";
  const std::string log = out();
  const auto at = log.find(before);
  return at == std::string::npos ? std::string{} : log.substr(at + before.size(), 64);
}

pid_t RelayProcess::serving_pid() const {
  const std::string self = std::to_string(pid_);
  std::ifstream children{"/proc/" + self + "/task/" + self + "/children"};
  pid_t child = 0;
  return children >> child ? child : pid_;
}

bool RelayProcess::says(const std::string& text) const {
  const auto end = Clock::now() + patience;
  while (out().find(text) == std::string::npos) {
    if (Clock::now() >= end) return false;
    std::this_thread::sleep_for(poll_pause);
  }
  return true;
}

std::uint64_t RelayProcess::resident_bytes() const {
  std::ifstream status{"/proc/" + std::to_string(serving_pid()) + "/status"};
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stoull(line.substr(6)) * 1'024;
  }
  throw std::runtime_error{"the relay's memory can't be read"};
}

std::size_t RelayProcess::copies_in_memory(std::string_view text) const {
  const std::string process = "/proc/" + std::to_string(serving_pid());
  std::ifstream maps{process + "/maps"};
  std::ifstream memory{process + "/mem", std::ios::binary};
  if (!maps || !memory) throw std::runtime_error{"the relay's memory can't be read"};
  std::size_t copies = 0;
  for (std::string line; std::getline(maps, line);) {
    std::istringstream fields{line};
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    char dash = 0;
    std::string rights;
    fields >> std::hex >> from >> dash >> to >> rights;
    if (!rights.starts_with("rw")) continue;
    std::string bytes(to - from, '\0');
    memory.clear();
    memory.seekg(static_cast<std::streamoff>(from));
    memory.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    for (auto at = bytes.find(text); at != std::string::npos; at = bytes.find(text, at + text.size())) ++copies;
  }
  return copies;
}

std::string RelayProcess::admin_page(const std::string& path, unsigned& status) const {
  const peer::HttpReply reply = peer::plain_get(admin_port_, path);
  if (reply.status == 0) throw std::runtime_error{"no answer from the admin listener"};
  status = reply.status;
  return reply.body;
}

std::map<std::string, double> RelayProcess::metrics() const {
  unsigned status = 0;
  std::istringstream page{admin_page("/metrics", status)};
  std::map<std::string, double> samples;
  for (std::string line; std::getline(page, line);) {
    const auto space = line.rfind(' ');
    if (line.empty() || line.front() == '#' || space == std::string::npos) continue;
    samples[line.substr(0, space)] = std::stod(line.substr(space + 1));
  }
  return samples;
}

double RelayProcess::metric(const std::string& name) const {
  const auto samples = metrics();
  const auto found = samples.find(name);
  if (found == samples.end()) throw std::runtime_error{"there is no metric " + name};
  return found->second;
}

bool RelayProcess::reaches(const std::string& name, double value) const {
  const auto end = Clock::now() + patience;
  while (metric(name) != value) {
    if (Clock::now() >= end) return false;
    std::this_thread::sleep_for(poll_pause);
  }
  return true;
}

void RelayProcess::signal(int number) const {
  if (pid_ > 0) ::kill(pid_, number);
}

bool RelayProcess::running() {
  if (pid_ <= 0) return false;
  if (::waitpid(pid_, &status_, WNOHANG) == 0) return true;
  pid_ = -1;
  return false;
}

Ended RelayProcess::wait() {
  if (pid_ > 0) status_ = wait_for(pid_);
  pid_ = -1;
  return {exit_status(status_), out(), err()};
}

Ended RelayProcess::stop(int number) {
  signal(number);
  return wait();
}

void RelayProcess::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, &status_, 0);
  pid_ = -1;
}

}  // namespace lethe::test
