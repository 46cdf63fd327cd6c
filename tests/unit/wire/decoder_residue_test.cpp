#include <gtest/gtest.h>

#include <lethe/base/wipe.hpp>

#include "base/stack.hpp"
#include "support/own_memory.hpp"
#include "unit/wire/naive.hpp"
#include "wire/decoder.hpp"

namespace lethe::wire {
namespace {

#ifdef LETHE_MEMORY_CAN_BE_SEARCHED
using test::MemoryMark;

// Looks for the mark while a send is handed over, and keeps nothing.
class Watcher final : public ClientMessages, public Decoder::Faults {
 public:
  explicit Watcher(const MemoryMark& mark) : mark_{mark} {}
  void on(const Auth&) override {}
  void on(const Send&) override { seen = mark_.copies(); }
  void on(const Ack&) override {}
  void on(const Recall&) override {}
  void on(const MailboxChange&) override {}
  void on(const Ping&) override {}
  void on(const Fault&) override { ++faults; }
  bool open() const override { return true; }

  std::size_t seen = 0;
  unsigned faults = 0;

 private:
  const MemoryMark& mark_;
};

// A send to 40 devices with invites; `mark` stands in its id, its addresses, its invites and its payload.
naive::Bytes marked_send(const MemoryMark& mark) {
  constexpr std::size_t recipients = 40;
  naive::Bytes record{0x01, 0x02};
  record.resize(record.size() + 16);
  mark.write(std::span{record}.last(16));
  naive::append(record, naive::Bytes{0, 0, 14, 16, 0, 0, recipients});
  for (std::size_t i = 0; i < recipients; ++i) {
    record.resize(record.size() + 32);
    mark.write(std::span{record}.last(32));
    record.push_back(92);
    record.resize(record.size() + 92);
    mark.write(std::span{record}.last(92));
  }
  record.resize(record.size() + 64);
  mark.write(std::span{record}.last(64));
  naive::Bytes frame = naive::with_length(record);
  wipe(std::span{record});
  return frame;
}

TEST(Decoder, KeepsNothingOfASend) {
  const MemoryMark mark;
  Watcher watcher{mark};
  const Limits limits;
  Decoder decoder{limits};
  for (const bool refused : {false, true}) {
    naive::Bytes frame = marked_send(mark);
    if (refused) frame[5] = 0xf0;   // reserved flags
    decoder.decode(Encoding::binary, Frame::binary, frame, watcher, watcher);
    wipe(std::span{frame});
    scrub_stack();
    EXPECT_EQ(mark.copies(), 0U) << refused;
  }
  EXPECT_GT(watcher.seen, 400U) << "in the frame and in the decoder";
  EXPECT_EQ(watcher.faults, 1U);
}

#endif

}  // namespace
}  // namespace lethe::wire
