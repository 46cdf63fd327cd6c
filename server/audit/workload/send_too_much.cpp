// Payloads beyond the limit, too many recipients, WebSocket messages that are too large whole or in sum.
#include <algorithm>

#include "audit/workload/stages.hpp"

namespace lethe::audit {
namespace {

void expect_error(Client& sender, Play& play, const peer::Mail& mail) {
  sender.post_badly(mail);
  for (const peer::Recipient& to : mail.to) play.ledger.withdrawn(mail.id, to.device);
}

void too_large(Play& play, Client& sender, const Device& away) {
  for (const std::size_t beyond : {std::size_t{1}, std::size_t{20'000}}) {
    expect_error(sender, play, play.cast.mail(away, play.cast.payload_limit() + beyond));
  }
}

void too_many_recipients(Play& play, Client& sender, const Device& away) {
  peer::Mail mail = play.cast.mail(away, 9'000);
  peer::Recipient other = mail.to.front();
  for (std::size_t number = 0; number < play.cast.recipient_limit(); ++number) {
    other.device.bytes[number % 32] = static_cast<std::uint8_t>(other.device.bytes[number % 32] + 1);
    mail.to.push_back(other);
  }
  expect_error(sender, play, mail);
}

constexpr std::uint64_t far_beyond = 64ULL << 20;   // more than any relay's limits.session.frame

void one_large_frame(Play& play, peer::Encoding encoding) {
  Client sender = play.cast.enter(play.cast.device(), encoding);
  const auto opcode = encoding == peer::Encoding::json ? peer::Opcode::text : peer::Opcode::binary;
  sender.wire().frame(opcode, play.cast.payload(9'000), true, far_beyond + 1);
  sender.await("closed");
}

// Fragments until the sum is too large. The relay may have hung up before the last one.
void many_fragments(Play& play, peer::Encoding encoding) {
  Client sender = play.cast.enter(play.cast.device(), encoding);
  auto opcode = encoding == peer::Encoding::json ? peer::Opcode::text : peer::Opcode::binary;
  const std::string part = play.cast.payload(std::min<std::size_t>(play.cast.payload_limit(), 65'536));
  for (int fragments = 0; fragments < 18; ++fragments) {
    sender.wire().frame(opcode, part, false, part.size());
    opcode = peer::Opcode::continuation;
  }
  sender.wire().tls().drop();
}

}  // namespace

void send_too_much(Play& play) {
  const Device away = play.cast.device();
  for (const auto encoding : {play.scenario.encoding, play.cast.other_encoding()}) {
    Client sender = play.cast.enter(play.cast.device(), encoding);
    too_large(play, sender, away);
    too_many_recipients(play, sender, away);
    sender.settle();
    one_large_frame(play, encoding);
    many_fragments(play, encoding);
    play.keep(std::move(sender));
  }
}

}  // namespace lethe::audit
