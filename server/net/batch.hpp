#pragma once
// One WebSocket message being filled for a client: replies first, then what the mailbox has ready, straight from the arena
// into the thread's scratch. In a JSON session it is one object; in a binary one as many records as fit 64 KiB.
#include <cstdint>
#include <span>

#include <lethe/mailbox/mailboxes.hpp>

#include "net/frame_queue.hpp"
#include "net/scratch.hpp"
#include "wire/encoder.hpp"

namespace lethe::net {

class Batch final : public mailbox::Sink {
 public:
  Batch(wire::Encoding encoding, Lease& lease) noexcept : encoder_{encoding}, lease_{lease} {}

  // Takes the queue's first entry where it fits; false where it must wait for the next message.
  bool take(FrameQueue& queue);
  // Whether deliveries may still be pulled into it.
  bool has_room() const noexcept;
  wire::Frame kind() const noexcept { return kind_; }
  bool empty() const noexcept { return lease_.used == 0; }
  bool reached_caught_up() const noexcept { return caught_up_; }
  std::span<const std::uint8_t> bytes() const noexcept { return lease_.bytes().first(lease_.used); }

  bool deliver(const mailbox::Delivery& delivery) override { return append(delivery); }
  bool deliver(const mailbox::ReceiptDelivery& receipt) override { return append(receipt); }
  void caught_up() override { caught_up_ = true; }

 private:
  template <class Entry>
  bool append(const Entry& entry);

  wire::Encoder encoder_;
  Lease& lease_;
  wire::Frame kind_ = wire::Frame::text;
  bool caught_up_ = false;
};

}  // namespace lethe::net
