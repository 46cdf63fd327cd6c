#pragma once
// A session's writer with a count of what it took, so that the session knows how many acknowledgements it may expect.
#include <lethe/mailbox/mailboxes.hpp>

#include "session/ack_ledger.hpp"

namespace lethe::session {

// Lives for one pull; both outlive it.
class CountingSink final : public mailbox::Sink {
 public:
  CountingSink(mailbox::Sink& sink, AckLedger& acks) noexcept : sink_{sink}, acks_{acks} {}
  bool deliver(const mailbox::Delivery& delivery) override { return counted(sink_.deliver(delivery)); }
  bool deliver(const mailbox::ReceiptDelivery& receipt) override { return counted(sink_.deliver(receipt)); }
  void caught_up() override { sink_.caught_up(); }

 private:
  bool counted(bool taken) noexcept {
    if (taken) acks_.delivered();
    return taken;
  }

  mailbox::Sink& sink_;
  AckLedger& acks_;
};

}  // namespace lethe::session
