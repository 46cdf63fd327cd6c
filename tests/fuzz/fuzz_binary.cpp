// Binary messages of any bytes. A plain second reader of the record layout says what has to come of each record; a send
// must give the same fields and the same payload bytes.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "unit/wire/naive.hpp"
#include "wire/decoder.hpp"

#include "fuzz/stored.hpp"

namespace {

using namespace lethe;
using namespace lethe::wire;

void require(bool condition) {
  if (!condition) std::abort();
}

// Writes what it is told back into the bytes that must have been there.
class Rewriter : public ClientMessages, public Decoder::Faults {
 public:
  void on(const Send& send) override {
    naive::Draft draft{send.id, send.to, static_cast<std::uint32_t>(send.ttl->count()), send.urgency, send.topic, send.receipt,
        {}};
    require(!send.to.empty() && send.to.size() <= 4 && send.payload.size() <= 4'096);
    draft.payload = fuzz::stored_bytes(send.payload);
    require(draft.payload.size() == send.payload.size());
    take(naive::with_length(naive::send_record(draft)));
  }
  void on(const Ack& ack) override { take(naive::with_length(naive::ack_record(ack))); }
  void on(const Fault& fault) override {
    require(!fatal_ && !fault.detail.empty());
    fatal_ = fault.fatal;
    if (fault.fatal) return;
    const std::size_t length = naive::Cut{rest_}.number(4);
    require(length != 0 && length <= rest_.size() - 4);
    const unsigned kind = rest_[4];
    require((fault.code == ErrorCode::unsupported) == (kind != 1 && kind != 2));
    if (fault.code != ErrorCode::unsupported) require(std::equal(fault.id->bytes.begin(), fault.id->bytes.end(), rest_.begin() +
        6));
    rest_ = rest_.subspan(4 + length);
  }
  void on(const Auth&) override { std::abort(); }
  void on(const Recall&) override { std::abort(); }
  void on(const MailboxChange&) override { std::abort(); }
  void on(const Ping&) override { std::abort(); }
  bool open() const override { return true; }

  explicit Rewriter(std::span<const std::uint8_t> frame) : rest_{frame} {}
  void finish() const { require(fatal_ || rest_.empty()); }

 private:
  void take(const naive::Bytes& record) {
    require(!fatal_ && record.size() <= rest_.size() && std::equal(record.begin(), record.end(), rest_.begin()));
    rest_ = rest_.subspan(record.size());
  }
  std::span<const std::uint8_t> rest_;
  bool fatal_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const Limits limits = [] {
    Limits small;
    small.message.recipients = 4;
    small.message.payload = 4'096;
    return small;
  }();
  static Decoder decoder{limits};
  std::vector<std::uint8_t> frame{bytes, bytes + size};
  Rewriter rewriter{{bytes, size}};
  std::span<std::uint8_t> rest{frame};
  do rest = decoder.decode(Encoding::binary, Frame::binary, rest, rewriter, rewriter);
  while (!rest.empty());
  rewriter.finish();
  return 0;
}
