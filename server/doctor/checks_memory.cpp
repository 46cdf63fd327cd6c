#include <algorithm>

#include "base/memory_lock.hpp"
#include "doctor/checks.hpp"
#include "doctor/wording.hpp"
#include "net/memory_budget.hpp"

namespace lethe::doctor {
namespace {

constexpr const char* lock_check = "locked-memory";
constexpr const char* swap_check = "swap";

unsigned threads_of(const ops::Config& config, const Facts& facts) {
  return config.threads != 0 ? config.threads : std::max(1U, facts.host.processors);
}

// Whether anything could be swapped to a disk now.
bool reaches_disk(const MemoryFacts& memory) {
  if (memory.swap_allowed && *memory.swap_allowed == 0) return false;
  if (!memory.swaps) return false;
  return std::ranges::any_of(*memory.swaps, [](const SwapArea& area) { return !area.in_memory; });
}

std::string named(const std::vector<SwapArea>& swaps) {
  std::string text;
  for (const SwapArea& area : swaps) {
    text += (text.empty() ? "" : ", ") + area.name + " (" + bytes_text(area.size) + (area.in_memory ? ", in memory" : "") +
            (area.encrypted ? ", encrypted" : "") + ")";
  }
  return text;
}

std::string limit_of(const Facts& facts) { return bytes_text(facts.process.locked_limit.value_or(unlimited)); }

Setting swap_off(const Facts& facts) {
  if (facts.host.place == Place::systemd) return {"lethe.service, [Service]", "MemorySwapMax=0"};
  return on_host(facts.host.place, "swapoff -a");
}

}  // namespace

ByteCount needed_lock_limit(const ops::Config& config, const Facts& facts) noexcept {
  return facts.process.address_space + config.memory.arena +
         net::memory_to_come(config.limits, config.memory.arena, threads_of(config, facts));
}

Locked locked_memory(const ops::Config& config, const Facts& facts) noexcept {
  if (config.memory.locking == MemoryLocking::off) return Locked::nothing;
  if (facts.process.may_lock_without_limit) return Locked::all;
  if (!facts.process.locked_limit) return Locked::unknown;
  if (*facts.process.locked_limit >= needed_lock_limit(config, facts)) return Locked::all;
  return *facts.process.locked_limit >= config.memory.arena ? Locked::payloads : Locked::nothing;
}

bool will_be_secret(const ops::Config& config, const Facts& facts) noexcept {
  if (config.memory.secret == SecretMemory::off || !facts.kernel.secret_memory) return false;
  const Locked locked = locked_memory(config, facts);
  return locked == Locked::all || locked == Locked::payloads;
}

Finding check_locked_memory(const ops::Config& config, const Facts& facts) {
  const bool exposed = reaches_disk(facts.memory);
  const Setting fix = lock_limit_setting(facts.host.place);
  switch (locked_memory(config, facts)) {
    case Locked::all: return fine(lock_check, "All of the relay's memory may be locked.");
    case Locked::unknown: return unseen(lock_check, "The limit for locked memory");
    case Locked::payloads:
      return found(exposed ? Severity::breaks_promise : Severity::warning, lock_check,
                   "The limit for locked memory is " + limit_of(facts) + ": enough for the payloads, not for the " +
                       bytes_text(needed_lock_limit(config, facts)) + " of all memory.",
                   exposed ? "Addresses, ids and times of waiting messages can be swapped to a disk, now."
                           : "Nothing can be swapped now; whoever turns swap on later has addresses, ids and times on a disk.",
                   fix);
    case Locked::nothing: break;
  }
  if (config.memory.locking == MemoryLocking::off) {
    return found(exposed ? Severity::breaks_promise : Severity::warning, lock_check, "memory.locking is off: no memory is locked.",
                 exposed ? "Payloads and addresses can be swapped to a disk, now."
                         : "Nothing can be swapped now; whoever turns swap on later has payloads on a disk.",
                 in_configuration(R"("memory": {"locking": "required"})"));
  }
  const std::string what = "The limit for locked memory is " + limit_of(facts) + ", less than memory.arena (" +
                           bytes_text(config.memory.arena) + ").";
  if (config.memory.locking == MemoryLocking::required) {
    return found(Severity::warning, lock_check, what, "memory.locking is required: the relay will not start.", fix);
  }
  return found(exposed ? Severity::breaks_promise : Severity::warning, lock_check, what,
               exposed ? "Payloads can be swapped to a disk, now." : "Nothing can be swapped now; with swap turned on, payloads can.", fix);
}

Finding check_swap(const ops::Config& config, const Facts& facts) {
  const MemoryFacts& memory = facts.memory;
  if (memory.swap_allowed && *memory.swap_allowed == 0) return fine(swap_check, "The relay's control group gives it no swap.");
  if (!memory.swaps) return unseen(swap_check, "Swap");
  if (memory.swaps->empty()) return fine(swap_check, "There is no swap.");
  std::string what = "Swap is on: " + named(*memory.swaps) + ".";
  if (locked_memory(config, facts) == Locked::all) {
    return found(Severity::note, swap_check, std::move(what),
                 "All of the relay's memory is locked, so nothing of it goes there; without swap that needs no belief.", swap_off(facts));
  }
  if (!reaches_disk(memory)) {
    return found(Severity::note, swap_check, std::move(what), "It lies in memory, so nothing of the relay's reaches a disk by it.");
  }
  const bool all_encrypted = std::ranges::all_of(*memory.swaps, [](const SwapArea& area) { return area.in_memory || area.encrypted; });
  if (locked_memory(config, facts) == Locked::unknown) {
    return found(Severity::warning, swap_check, std::move(what), "Whether all of the relay's memory may be locked can't be seen from here.", swap_off(facts));
  }
  if (all_encrypted) {
    return found(Severity::warning, swap_check, std::move(what),
                 "Not all memory is locked. What is swapped is safe only if the key of that encryption is random and made at each boot.",
                 swap_off(facts));
  }
  return found(Severity::breaks_promise, swap_check, std::move(what),
               "Not all of the relay's memory is locked, so what it holds of waiting messages can be written there, and stays.", swap_off(facts));
}

Finding check_swapped(const ops::Config&, const Facts& facts) {
  constexpr const char* check = "swapped";
  if (!facts.process.relay) return fine(check, "No relay was found that runs with this configuration.");
  const std::string which = "The relay that runs (process " + std::to_string(*facts.process.relay) + ")";
  if (!facts.process.swapped) return unseen(check, "What is swapped of the relay that runs");
  if (*facts.process.swapped == 0) return fine(check, which + " has nothing in swap.");
  return found(reaches_disk(facts.memory) ? Severity::breaks_promise : Severity::warning, check,
               which + " has " + bytes_text(*facts.process.swapped) + " in swap.", "Some of its memory has left it.",
               on_host(facts.host.place, "swapoff -a"));
}

Finding check_secret_memory(const ops::Config& config, const Facts& facts) {
  constexpr const char* check = "secret-memory";
  if (will_be_secret(config, facts)) return fine(check, "The payloads' memory is kept from every other process, root's too.");
  constexpr const char* why = "Root can read payloads while they wait. They are not written anywhere by it.";
  if (config.memory.secret == SecretMemory::off) {
    return found(Severity::note, check, "memory.secret is off.", why, in_configuration(R"("memory": {"secret": "best-effort"})"));
  }
  const bool required = config.memory.secret == SecretMemory::required;
  if (facts.kernel.secret_memory) {
    return found(required ? Severity::warning : Severity::note, check, "Secret memory is locked memory, and not enough may be locked.",
                 required ? "memory.secret is required: the relay will not start." : why, lock_limit_setting(facts.host.place));
  }
  return found(required ? Severity::warning : Severity::note, check, "This kernel, or the container's filter, gives no secret memory (memfd_secret).",
               required ? "memory.secret is required: the relay will not start." : why,
               {"the kernel's command line, from Linux 5.14 on (it is the default from 6.5 on)", "secretmem.enable=1"});
}

}  // namespace lethe::doctor
