#pragma once
// Shuts the relay's process in, around the start of its threads: lockdown/confinement.hpp, with what this program has.
#include "base/protections.hpp"
#include "lockdown/confinement.hpp"
#include "ops/config.hpp"

namespace lethe::start {

class RelayConfinement {
 public:
  // `log`: the log's pipe. Every descriptor of the relay exists by now. From here on 0, 1 and 2 are /dev/null. Strict: throws
  // std::runtime_error with one sentence, as do the following.
  RelayConfinement(ops::LockdownMode mode, const lockdown::CleanStart& start, int log);

  // While there is one thread.
  void confine();
  // Once all threads run. What holds from now on.
  Protections seal();

 private:
  Protections kept(const lockdown::Confined& confined) const;

  lockdown::Confinement confinement_;
  Protections protections_;
};


}  // namespace lethe::start
