#pragma once
// Many devices at once, driven by a seed: each step does one thing to the engine and to the model and compares what both
// say, then what both hold.
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "simulation/model_mailboxes.hpp"
#include "support/mailbox_world.hpp"

namespace lethe::test {

class Simulation {
 public:
  explicit Simulation(std::uint64_t seed);

  // Runs `steps` steps; an empty text where engine and model agreed throughout, else what differed and when.
  std::string run(std::uint64_t steps);
  // Delivers and acknowledges everything; nothing may be left.
  std::string drain();

 private:
  static constexpr std::uint64_t devices = 9;

  static Limits limits();
  std::uint64_t pick(std::uint64_t count) { return random_() % count; }
  bool chance(std::uint64_t percent) { return pick(100) < percent; }
  Device& device(std::uint64_t number) { return *devices_[number - 1]; }
  Device& any_device() { return *devices_[pick(devices)]; }
  Device* any_attached();
  mailbox::Announcement any_announcement();
  std::optional<mailbox::Grant> any_grant(std::uint64_t to);

  void step();
  void send();
  void send(const ModelSend& send, const std::vector<ModelRecipient>& recipients);
  void pull(Device& device, std::size_t room);
  void acknowledge(Device& device);
  void open();
  void close();
  void announce();
  void pass();
  void sweep();
  void recall();
  void purge();
  void restart();
  void compare_wakes();
  void compare_held();
  void expect(bool condition, const char* what);

  std::mt19937_64 random_;
  MailboxWorld world_;
  ModelMailboxes model_;
  std::vector<std::unique_ptr<Device>> devices_;
  // What a device was delivered and might acknowledge; also numbers of the past, which must do no harm.
  std::vector<std::vector<Seq>> delivered_;
  std::vector<bool> waits_for_wake_;   // has pulled in this session, and was not told that there is more
  std::vector<mailbox::Attachment> ended_;
  std::vector<std::pair<ModelSend, std::vector<ModelRecipient>>> sends_;   // some, to be repeated
  std::uint64_t last_id_ = 0;
  std::uint64_t step_ = 0;
  std::string fault_;
};

}  // namespace lethe::test
