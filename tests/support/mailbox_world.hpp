#pragma once
// A few devices around one engine, and a clock that stands still until it is moved.
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/mailbox_probe.hpp"
#include "support/memory_engine.hpp"
#include "wire/payload_writer.hpp"

namespace lethe::test {

inline MessageId message_id(std::uint64_t number) {
  MessageId id;
  std::memcpy(id.bytes.data(), &number, sizeof number);
  id.bytes[15] = 0x5a;
  return id;
}

inline Address address(std::uint64_t number) {
  Address address;
  std::memcpy(address.bytes.data(), &number, sizeof number);
  address.bytes[31] = 0xa5;
  return address;
}

// What a sender says of a message; each field has an ordinary default.
struct Letter {
  std::string_view payload = "hello";
  seconds ttl{3'600};
  mailbox::Urgency urgency = mailbox::Urgency::normal;
  std::uint64_t topic = 0;
  bool receipt = false;
  bool authenticated = true;
  std::optional<mailbox::Grant> grant = mailbox::Grant{};
  std::uint64_t sender = 0;   // 0: that of the device
};

struct Device {
  explicit Device(std::uint64_t number_) : number{number_}, address{test::address(number_)} {}
  std::uint64_t number;
  Address address;
  std::shared_ptr<RecordingCorrespondent> session = std::make_shared<RecordingCorrespondent>();
  mailbox::Attachment attachment;
};

class MailboxWorld {
 public:
  explicit MailboxWorld(const EngineFactory& factory, const Limits& limits_ = {}) : limits{limits_}, engine{factory(limits)} {}

  mailbox::Mailboxes& mailboxes() { return engine->mailboxes(); }
  void pass(milliseconds time) {
    now.mono += time;
    now.wall += time;
  }

  mailbox::Payload payload(std::string_view text) {
    const std::span bytes{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
    auto stored = wire::PayloadWriter::store(wire::PayloadSource{bytes, bytes.size(), wire::Encoding::binary}, engine->arena());
    return std::move(stored.payload);
  }

  mailbox::Opened open(Device& device, const mailbox::Announcement& announcement = {}) {
    const auto previous = std::exchange(device.session, std::make_shared<RecordingCorrespondent>());
    mailboxes().open(device.address, announcement, *device.session, now);
    device.attachment = device.session->opens.at(0).attachment;
    return device.session->opens.at(0);
  }
  void close(Device& device) { mailboxes().close(device.attachment, now); }

  std::vector<mailbox::Verdict> send(Device& from, std::uint64_t id, std::span<Device* const> to, const Letter& letter = {}) {
    std::vector<mailbox::Recipient> recipients;
    for (const Device* device : to) {
      const std::uint64_t sender = letter.sender != 0 ? letter.sender : from.number;
      recipients.push_back({device->address, mailbox::SenderKey{sender}, mailbox::TopicKey{letter.topic}, letter.authenticated,
                            device == &from, letter.grant});
    }
    mailbox::Submission submission;
    submission.id = message_id(id);
    submission.payload = payload(letter.payload);
    submission.ttl = letter.ttl;
    submission.urgency = letter.urgency;
    if (letter.receipt) submission.receipt_to = from.address;
    mailboxes().put(id, std::move(submission), recipients, *from.session, now);
    return from.session->verdicts;
  }
  mailbox::Verdict send(Device& from, std::uint64_t id, Device& to, const Letter& letter = {}) {
    const std::array<Device*, 1> one{&to};
    return send(from, id, one, letter).at(0);
  }

  // What one pull brings.
  std::vector<Received> pull(Device& device) { return pull_into(device, 1'000'000).entries; }
  RecordingSink pull_into(Device& device, std::size_t room) {
    RecordingSink sink{room};
    more = mailboxes().pull(device.attachment, sink, now);
    return sink;
  }
  // What pulls bring until there is no more now.
  std::vector<Received> pull_all(Device& device) {
    std::vector<Received> all;
    do {
      for (Received& entry : pull(device)) all.push_back(std::move(entry));
    } while (more);
    return all;
  }
  void ack_up_to(Device& device, Seq up_to) { mailboxes().acknowledge(device.attachment, up_to, {}, now); }
  void ack(Device& device, std::vector<Seq> seqs) { mailboxes().acknowledge(device.attachment, 0, seqs, now); }
  mailbox::RecallStatus recall(Device& from, std::uint64_t id, const Device& to) {
    const mailbox::SenderKey senders[] = {mailbox::SenderKey{from.number}};
    mailboxes().recall(id, message_id(id), to.address, senders, *from.session, now);
    return from.session->recalls.back();
  }
  std::uint64_t messages() { return mailboxes().occupancy().messages; }
  ByteCount bytes() { return mailboxes().occupancy().bytes; }
  ByteCount arena_used() { return engine->arena().used(); }

  Limits limits;
  std::unique_ptr<EngineUnderTest> engine;
  Instant now{Monotonic{milliseconds{5'000'000}}, Wall{milliseconds{1'700'000'000'000}}};
  bool more = false;   // what the last pull returned
};

inline std::vector<std::string> payloads(const std::vector<Received>& entries) {
  std::vector<std::string> texts;
  for (const Received& entry : entries) texts.push_back(entry.payload);
  return texts;
}

}  // namespace lethe::test
