#pragma once
// An engine with all that it stands on, behind one interface: the contract and the simulation run against any of them.
#include <functional>
#include <memory>

#include <lethe/mailbox/mailboxes.hpp>

#include "base/arena.hpp"
#include "base/tally.hpp"
#include "mailbox/memory_mailboxes.hpp"

namespace lethe::test {

class EngineUnderTest {
 public:
  virtual ~EngineUnderTest() = default;
  virtual mailbox::Mailboxes& mailboxes() = 0;
  virtual const Tally& tally() = 0;
  // Where the payloads for its messages are to be stored.
  virtual ArenaShard& arena() = 0;
  // Bytes charged to the relay's budget.
  virtual ByteCount charged() = 0;
  virtual bool consistent() = 0;
};

using EngineFactory = std::function<std::unique_ptr<EngineUnderTest>(const Limits&)>;

class MemoryEngine final : public EngineUnderTest, public mailbox::ReceiptRoute {
 public:
  explicit MemoryEngine(const Limits& limits)
      : limits_{limits}, arena_{{.size = 64 << 20, .locking = MemoryLocking::off}}, budget_{limits.relay},
        engine_{limits_, budget_, KeyedHash{{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}}, tally_, *this} {}

  mailbox::Mailboxes& mailboxes() override { return engine_; }
  const Tally& tally() override { return tally_; }
  ArenaShard& arena() override { return arena_.shard(0); }
  ByteCount charged() override { return budget_.charged(); }
  bool consistent() override {
    const mailbox::Occupancy held = engine_.occupancy();
    return engine_.consistent() && budget_.mailboxes() == held.mailboxes &&
           budget_.charged() == held.bytes + held.messages * mailbox::RelayBudget::entry_overhead;
  }
  void receipt(const Address& to, const mailbox::Receipt& receipt, Instant now) override { engine_.deposit(to, receipt, now); }
  mailbox::MemoryMailboxes& memory() { return engine_; }

  static std::unique_ptr<EngineUnderTest> make(const Limits& limits) { return std::make_unique<MemoryEngine>(limits); }

 private:
  Limits limits_;
  Arena arena_;
  mailbox::RelayBudget budget_;
  Tally tally_;
  mailbox::MemoryMailboxes engine_;
};

}  // namespace lethe::test
