#pragma once
// Stands between a relay and its successor, passes on what they say and the sockets that come with it, and cuts the line at a
// chosen place: what a process that dies there leaves.
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <thread>

#include <sys/types.h>

namespace lethe::test {

struct Cut {
  std::optional<std::size_t> after_relay_bytes{}; // once the relay has said so much
  std::optional<char> at_step{};                  // once the successor has said this step, before the relay hears of it
  bool relay_dies = false;                        // and not the successor
};

// A name of the abstract namespace that no other test uses.
std::string hand_over_name();
// A connection to `name`; -1 where nobody listens.
int connect_hand_over(const std::string& name);

class HandOverTap {
 public:
  // Listens at `name()`; `relay` is where the relay does. For one successor. `relay_pid` is killed where it is the relay that dies.
  HandOverTap(const std::string& relay, const Cut& cut, pid_t relay_pid = 0);
  ~HandOverTap();   // waits until both have gone
  HandOverTap(const HandOverTap&) = delete;
  HandOverTap& operator=(const HandOverTap&) = delete;

  const std::string& name() const noexcept { return name_; }
  // Once it has been waited for (`join`): whether it has cut.
  bool join();

 private:
  void run(std::string relay, Cut cut, pid_t relay_pid);

  std::string name_;
  int listener_ = -1;
  bool cut_ = false;
  std::thread thread_;
};

}  // namespace lethe::test
