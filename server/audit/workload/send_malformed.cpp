// Canaries in what is no message of the protocol: broken JSON, records that don't fit, text in the wrong place, a farewell's reason,
// requests that are no upgrade, bytes that are no TLS.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "audit/workload/stages.hpp"

namespace lethe::audit {
namespace {

constexpr std::size_t size = 1'500;

// A `send` of which something was changed. What the relay answers is its own affair; it must go on or hang up.
using Spoil = std::string (*)(std::string message, const std::string& payload);

std::string cut(std::string message, const std::string&) { return message.substr(0, message.size() - 2); }
std::string twice(std::string message, const std::string& payload) {
  return message.insert(1, R"("payload":")" + peer::base64url(payload) + R"(",)");
}
std::string not_base64(std::string message, const std::string& payload) {
  const std::string text = peer::base64url(payload);
  return message.replace(message.find(text), text.size(), text + "!");
}
std::string raw_bytes(std::string message, const std::string& payload) {
  const std::string text = peer::base64url(payload);
  return message.replace(message.find(text), text.size(), payload);
}
std::string nested(std::string message, const std::string&) {
  return R"({"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":)" + message + "}}}}}}}}";
}
std::string wrong_type(std::string message, const std::string& payload) {
  const std::string text = '"' + peer::base64url(payload) + '"';
  return message.replace(message.find(text), text.size(), "[" + text + "]");
}
std::string unknown_type(std::string message, const std::string&) {
  return message.replace(message.find("\"send\""), 6, "\"teleport\"");
}
std::string topic_of_payload(std::string message, const std::string& payload) {
  return message.insert(1, R"("topic":")" + peer::base64url(payload) + R"(",)");
}

constexpr Spoil spoils[] = {cut, twice, not_base64, raw_bytes, nested, wrong_type, unknown_type, topic_of_payload};

// The relay has dealt with it: it answers, or it has said goodbye. Then the client stays on the line, so that what the relay
// still has of it can be looked for.
void hear_out(Play& play, Client client) {
  client.wire().hangs_up = false;
  client.wire().say(peer::Json{{"type", "ping"}, {"note", play.cast.topic()}});
  for (;;) {
    const peer::Heard heard = client.wire().hear();
    if (heard.type == "gone") return;
    if (heard.type == "closed") return play.parting.push_back(std::move(client)), void();
    if (heard.type == "pong") break;
  }
  client.wire().hangs_up = true;
  play.keep(std::move(client));
}

void goodbye_with_a_reason(Play& play) {
  Client client = play.cast.enter(play.cast.device());
  client.wire().hangs_up = false;
  client.wire().close(1000, play.cast.topic());
  client.await("closed");
  play.parting.push_back(std::move(client));
}

void broken_text(Play& play, peer::Encoding encoding, const Device& away) {
  for (const Spoil spoil : spoils) {
    Client sender = play.cast.enter(play.cast.device(), encoding);
    const peer::Mail mail = play.cast.mail(away, size);
    sender.wire().say_text(spoil(peer::send_message(mail).dump(), mail.payload));
    hear_out(play, std::move(sender));
  }
}

void broken_records(Play& play, const Device& away) {
  for (int kind = 0; kind < 5; ++kind) {
    Client sender = play.cast.enter(play.cast.device(), peer::Encoding::binary);
    std::string record = peer::send_record(play.cast.mail(away, size));
    std::string bytes = peer::framed(record);
    if (kind == 0) bytes[3] = static_cast<char>(bytes[3] + 1);         // longer than what follows
    if (kind == 1) bytes.resize(bytes.size() - 1);
    if (kind == 2) bytes[4] = '\x7f';                                  // no kind of record
    if (kind == 3) bytes[5] = '\xff';                                  // flags that must be 0
    if (kind == 4) bytes = record.substr(40);                          // a payload where a length is expected
    sender.wire().say_binary(bytes);
    hear_out(play, std::move(sender));
  }
}

void broken_frames(Play& play, const Device& away) {
  Client json = play.cast.enter(play.cast.device(), peer::Encoding::json);
  json.wire().say_binary(peer::framed(peer::send_record(play.cast.mail(away, size))));
  hear_out(play, std::move(json));
  const std::string payload = play.cast.payload(size);
  for (const auto opcode : {peer::Opcode::ping, peer::Opcode::close, peer::Opcode::continuation, peer::Opcode{3}}) {
    Client client = play.cast.enter(play.cast.device());
    client.wire().frame(opcode, payload, true, payload.size());
    hear_out(play, std::move(client));
  }
  Client early = play.cast.connect(play.cast.device());
  early.wire().say_text(R"({"type":"auth","device":")" + peer::base64url(payload) + R"(","signature":"x"})");
  hear_out(play, std::move(early));
}

void broken_requests(Play& play) {
  const auto canary = [&] { return peer::base64url(play.cast.payload(48)); };
  const auto ask = [&](const std::string& request) {
    peer::TlsClient connection{play.cast.port(), play.cast.tls()};
    connection.write(request);
    connection.read_all();
  };
  const std::string end = " HTTP/1.1\r\nHost: localhost\r\n" + play.cast.request_fields();
  ask("GET /" + canary() + end + "\r\n");
  ask("GET /v1?token=" + canary() + end + "\r\n");
  ask("GET /v1" + end + "Authorization: Bearer " + canary() + "\r\n\r\n");
  ask("POST /v1" + end + "Content-Length: 64\r\n\r\n" + canary());
  ask("GET /v1" + end + "X-Long: " + peer::base64url(play.cast.payload(9'000)) + "\r\n\r\n");
  ask(canary() + "\r\n\r\n");
  ask(peer::upgrade_request(canary(), "Origin: https://" + canary() + "\r\n"));
}

// Plain bytes at the TLS port: the beginning of HTTP, and none of it.
void no_tls(Play& play) {
  for (const std::string before : {"GET /", ""}) {
    const int connection = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(play.cast.port());
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const std::string bytes = before + play.cast.payload(size) + "\r\n\r\n";
    char part[512];
    if (::connect(connection, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 &&
        ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0) {
      while (::recv(connection, part, sizeof part, 0) > 0) {
      }
    }
    ::close(connection);
  }
}

}  // namespace

void send_malformed(Play& play) {
  const Device away = play.cast.device();
  broken_text(play, peer::Encoding::json, away);
  broken_text(play, peer::Encoding::binary, away);
  broken_records(play, away);
  broken_frames(play, away);
  goodbye_with_a_reason(play);
  broken_requests(play);
  no_tls(play);
}

}  // namespace lethe::audit
