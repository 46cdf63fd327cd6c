#pragma once
// Audits take turns: swap, the pattern for core dumps and the system log's socket are the machine's, so that two at a time would see
// each other. flock(2) on a file of /run, which ends with the process.
namespace lethe::audit {

class Turn {
 public:
  // Waits for its turn, and says so on stderr. Who may not write there changes nothing of the machine either: no waiting. Throws
  // Interrupted.
  Turn();
  ~Turn();
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  int file_;
};

}  // namespace lethe::audit
