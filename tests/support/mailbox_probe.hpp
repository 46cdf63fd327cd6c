#pragma once
// A device as a mailbox engine sees it: it records what it is told, and what it is handed.
#include <cstdint>
#include <string>
#include <vector>

#include <lethe/mailbox/mailboxes.hpp>

#include "wire/payload_reader.hpp"

namespace lethe::test {

struct Received {
  Seq seq = 0;
  MessageId id;
  std::string payload;
  bool redelivered = false;
  Wall received;
  Wall expires;
  bool receipt = false;
  Address device;                                          // of a receipt
  mailbox::Fate fate = mailbox::Fate::delivered;           // of a receipt
};

inline std::string text_of(const mailbox::Payload& payload) {
  std::string text(wire::PayloadReader::encoded_size(payload, wire::Encoding::binary), '\0');
  wire::PayloadReader::copy(payload, wire::Encoding::binary, {reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  return text;
}

// Takes at most `room` entries in all.
class RecordingSink final : public mailbox::Sink {
 public:
  explicit RecordingSink(std::size_t room = 1'000'000) : room_{room} {}

  bool deliver(const mailbox::Delivery& delivery) override {
    if (entries.size() == room_) return false;
    entries.push_back({delivery.seq, delivery.id, text_of(delivery.payload), delivery.redelivered, delivery.received,
                       delivery.expires, false, {}, {}});
    return true;
  }
  bool deliver(const mailbox::ReceiptDelivery& receipt) override {
    if (entries.size() == room_) return false;
    entries.push_back({receipt.seq, receipt.id, {}, false, {}, {}, true, receipt.device, receipt.fate});
    return true;
  }
  void caught_up() override {
    ++times_caught_up;
    caught_up_after = entries.size();
  }

  std::vector<Received> entries;
  int times_caught_up = 0;
  std::size_t caught_up_after = 0;

 private:
  std::size_t room_;
};

class RecordingCorrespondent final : public mailbox::Correspondent {
 public:
  void opened(const mailbox::Opened& answer) override { opens.push_back(answer); }
  void wake() override { ++wakes; }
  void replaced() override { ++replacements; }
  void decided(mailbox::Ticket ticket, std::span<const mailbox::Verdict> answer) override {
    decided_ticket = ticket;
    verdicts.assign(answer.begin(), answer.end());
  }
  void acknowledged(std::uint32_t removed) override { acknowledgements.push_back(removed); }
  void recalled(mailbox::Ticket ticket, mailbox::RecallStatus status) override {
    recalled_ticket = ticket;
    recalls.push_back(status);
  }

  std::vector<mailbox::Opened> opens;
  int wakes = 0;
  int replacements = 0;
  mailbox::Ticket decided_ticket = 0;
  std::vector<mailbox::Verdict> verdicts;
  std::vector<std::uint32_t> acknowledgements;
  mailbox::Ticket recalled_ticket = 0;
  std::vector<mailbox::RecallStatus> recalls;
};

}  // namespace lethe::test
