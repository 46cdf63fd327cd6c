#pragma once
// Everything that a process writes to stdout and stderr. Pipes, because a process under RLIMIT_FSIZE 0 can write to nothing
// else; a thread empties them, so the writer never waits.
#include <array>
#include <mutex>
#include <string>
#include <thread>

namespace lethe::audit {

class OutputReader {
 public:
  // Throws std::runtime_error where there are no descriptors left.
  OutputReader();
  ~OutputReader();
  OutputReader(const OutputReader&) = delete;
  OutputReader& operator=(const OutputReader&) = delete;

  // What the child makes its stdout and stderr; closed on exec. Valid until `started`.
  int out_end() const noexcept { return write_ends_[0]; }
  int err_end() const noexcept { return write_ends_[1]; }
  // The child has its ends: closes ours, so that the pipes end with it.
  void started();
  // What has been written so far, what still stands in the pipe included.
  std::string out() const { return text(0); }
  std::string err() const { return text(1); }

 private:
  std::string text(std::size_t stream) const;
  bool empty_pipe(std::size_t stream) const;   // false at its end
  void run();

  std::array<int, 2> read_ends_{-1, -1};
  std::array<int, 2> write_ends_{-1, -1};
  int wake_ = -1;
  mutable std::mutex lock_;
  mutable std::array<std::string, 2> texts_;
  std::thread thread_;
};

}  // namespace lethe::audit
