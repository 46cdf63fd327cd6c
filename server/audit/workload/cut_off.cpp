// Connections that end in the middle: of a frame, of a fragmented message, of a request, of a delivery.
#include "audit/workload/stages.hpp"

namespace lethe::audit {
namespace {

void in_a_frame(Play& play, peer::Encoding encoding, const Device& away) {
  const bool text = encoding == peer::Encoding::json;
  const auto opcode = text ? peer::Opcode::text : peer::Opcode::binary;
  for (const std::size_t size : play.cast.sizes()) {
    const peer::Mail mail = play.cast.mail(away, size);
    const std::string whole = text ? peer::send_message(mail).dump() : peer::framed(peer::send_record(mail));
    Client in_frame = play.cast.enter(play.cast.device(), encoding);
    in_frame.wire().frame(opcode, std::string_view{whole}.substr(0, whole.size() - 1), true, whole.size());
    in_frame.wire().tls().drop();
    Client in_fragments = play.cast.enter(play.cast.device(), encoding);
    in_fragments.wire().frame(opcode, whole, false, whole.size());
    in_fragments.wire().tls().drop();
  }
}

void in_a_request(Play& play) {
  peer::TlsClient connection{play.cast.port(), play.cast.tls()};
  connection.write("GET /v1 HTTP/1.1\r\nHost: localhost\r\n" + play.cast.request_fields() + "X: " +
                   peer::base64url(play.cast.payload(1'500)));
  connection.drop();
}

// A reader with a small receive buffer goes away without having read; the next session of the device takes everything.
void in_a_delivery(Play& play) {
  constexpr unsigned messages = 12;
  const Device device = play.cast.device();
  Client sender = play.cast.enter(play.cast.device());
  for (unsigned sent = 0; sent < messages; ++sent) sender.post(play.cast.mail(device, play.cast.payload_limit()));
  Client slow = play.cast.connect_narrowly(device, play.cast.other_encoding());
  slow.acknowledging = Acknowledging::never;
  slow.authenticate();
  slow.await_deliveries(1);
  slow.wire().tls().drop();
  Client next = play.cast.enter(device);
  next.await_deliveries(messages);
  next.settle();
  play.keep(std::move(sender));
  play.keep(std::move(next));
}

}  // namespace

void cut_off(Play& play) {
  play.parting.clear();
  const Device away = play.cast.device();
  const auto before = static_cast<unsigned>(play.open.size());
  in_a_frame(play, play.scenario.encoding, away);
  in_a_frame(play, play.cast.other_encoding(), away);
  in_a_request(play);
  in_a_delivery(play);
  await_sessions(play, before + 2);
}

}  // namespace lethe::audit
