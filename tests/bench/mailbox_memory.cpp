// Resident bytes of queued messages and idle mailboxes, and how fast the engine puts, pulls and acknowledges. One thread,
// no network: mailbox_memory [messages] [mailboxes] [payload bytes]
#include <malloc.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "support/mailbox_world.hpp"

namespace lethe::test {
namespace {

std::size_t resident_bytes() {
  std::ifstream statm{"/proc/self/statm"};
  std::size_t total = 0;
  std::size_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

// Acknowledges what it was handed, sixteen at a time.
class CountingSink final : public mailbox::Sink {
 public:
  bool deliver(const mailbox::Delivery& delivery) override {
    if (count == 16) return false;
    last = delivery.seq;
    ++count;
    return true;
  }
  bool deliver(const mailbox::ReceiptDelivery&) override { return false; }
  void caught_up() override {}

  Seq last = 0;
  int count = 0;
};

class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

struct Bench {
  std::uint64_t messages;
  std::uint64_t mailboxes;
  std::string payload;
  Limits limits;
  Arena arena;
  mailbox::RelayBudget budget;
  Tally tally;
  struct Nowhere final : mailbox::ReceiptRoute {
    void receipt(const Address&, const mailbox::Receipt&, Instant) override {}
  } route;
  mailbox::MemoryMailboxes engine;
  RecordingCorrespondent sender;
  Instant now{Monotonic{milliseconds{1'000'000}}, Wall{milliseconds{1'700'000'000'000}}};

  Bench(std::uint64_t messages_, std::uint64_t mailboxes_, std::size_t size)
      : messages{messages_}, mailboxes{mailboxes_}, payload(size, 'x'), limits{unlimited()},
        arena{{.size = messages * (size + 64) * 3 / 2 + (64 << 20), .locking = MemoryLocking::off}}, budget{limits.relay},
        engine{limits, budget, KeyedHash{{3, 1, 4, 1, 5}}, tally, route} {}

  static Limits unlimited() {
    Limits limits;
    limits.relay.bytes = 1ULL << 40;
    limits.relay.mailboxes = 1ULL << 40;
    limits.mailbox.messages = 1U << 31;
    limits.mailbox.sender_percent = 100;
    limits.mailbox.bytes = 1ULL << 40;
    return limits;
  }

  void put(std::uint64_t number, std::uint64_t to) {
    const std::span bytes{reinterpret_cast<const std::uint8_t*>(payload.data()), payload.size()};
    mailbox::Submission submission;
    submission.id = message_id(number * 0x9e37'79b9'7f4a'7c15U);
    submission.payload =
        wire::PayloadWriter::store(wire::PayloadSource{bytes, bytes.size(), wire::Encoding::binary}, arena.shard(0)).payload;
    submission.ttl = seconds{86'400};
    const mailbox::Recipient recipient{address(to), mailbox::SenderKey{number % 1'000 + 1}, {}, true, false, mailbox::Grant{}};
    engine.put(number, std::move(submission), {&recipient, 1}, sender, now);
    if (sender.verdicts[0].refusal != mailbox::Refusal::none) std::abort();
  }

  std::uint64_t take_all(std::uint64_t device) {
    RecordingCorrespondent session;
    engine.open(address(device), {}, session, now);
    const mailbox::Attachment attachment = session.opens[0].attachment;
    std::uint64_t taken = 0;
    while (true) {
      CountingSink sink;
      const bool more = engine.pull(attachment, sink, now);
      if (sink.count != 0) engine.acknowledge(attachment, sink.last, {}, now);
      taken += static_cast<std::uint64_t>(sink.count);
      if (!more && sink.count == 0) break;
    }
    engine.close(attachment, now);
    return taken;
  }

  void run() {
    const std::size_t before = resident_bytes();
    const Stopwatch putting;
    for (std::uint64_t n = 0; n < messages; ++n) put(n + 1, n % mailboxes);
    std::printf("put         %10.0f messages/s\n", static_cast<double>(messages) / putting.seconds());
    const std::size_t full = resident_bytes();
    std::printf("queued      %10.1f resident bytes a message (%zu-byte payload, %llu in %llu mailboxes)\n",
                static_cast<double>(full - before) / static_cast<double>(messages), payload.size(),
                static_cast<unsigned long long>(messages), static_cast<unsigned long long>(mailboxes));
    const Stopwatch taking;
    std::uint64_t taken = 0;
    for (std::uint64_t device = 0; device < mailboxes; ++device) taken += take_all(device);
    std::printf("pull + ack  %10.0f messages/s (%llu)\n", static_cast<double>(taken) / taking.seconds(),
                static_cast<unsigned long long>(taken));
    now.mono += seconds{700};
    for (int n = 0; n < 400; ++n) {
      engine.sweep(now);
      arena.shard(0).reclaim();
    }
    ::malloc_trim(0);
    std::printf("drained     %10.1f resident MiB, %.1f bytes an empty mailbox of an absent device\n",
                static_cast<double>(resident_bytes()) / 1048576,
                static_cast<double>(resident_bytes() - before) / static_cast<double>(mailboxes));
  }
};

}  // namespace
}  // namespace lethe::test

int main(int argc, char** argv) {
  const auto argument = [&](int n, std::uint64_t otherwise) {
    return argc > n ? std::strtoull(argv[n], nullptr, 10) : otherwise;
  };
  lethe::test::Bench bench{argument(1, 1'000'000), argument(2, 1'000), argument(3, 256)};
  bench.run();
}
