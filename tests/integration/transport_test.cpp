// Below the protocol's messages: TLS, the HTTP upgrade and its refusals, and the page beside the WebSocket.
#include <gtest/gtest.h>

#include "support/wire_peer.hpp"

namespace lethe::test {
namespace {

constexpr std::string_view json_protocol = "lethe.v1.json";

// The answer to an upgrade that is expected to succeed, and so doesn't end the connection.
HttpReply ask_to_upgrade(const RelayProcess& relay, std::string_view subprotocol, std::string_view fields = {}) {
  TlsClient connection{relay.port()};
  connection.write(upgrade_request(subprotocol, fields));
  std::string text;
  while (text.find("\r\n\r\n") == std::string::npos) {
    const std::string part = connection.read();
    if (part.empty()) break;
    text += part;
  }
  return parse_reply(text);
}

TEST(Upgrade, NeedsASubprotocolOfTheRelay) {
  const RelayProcess relay;
  for (const char* const offered : {"", "chat", "lethe.v2.json"}) {
    const HttpReply reply = ask(relay.port(), upgrade_request(offered));
    EXPECT_EQ(reply.status, 400U) << offered;
    EXPECT_NE(reply.body.find("lethe.v1.json"), std::string::npos);
  }
}

TEST(Upgrade, TheClientsOrderOfSubprotocolsDecides) {
  const RelayProcess relay;
  const HttpReply reply = ask_to_upgrade(relay, "chat, lethe.v1.binary, lethe.v1.json");
  EXPECT_EQ(reply.status, 101U);
  EXPECT_EQ(reply.value("sec-websocket-protocol"), "lethe.v1.binary");
}

TEST(Upgrade, NegotiatesNoExtension) {
  const RelayProcess relay;
  const std::string_view offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";
  for (const Encoding encoding : {Encoding::json, Encoding::binary}) {
    WirePeer peer{relay, encoding, {}, offer};
    EXPECT_FALSE(peer.upgrade().has("sec-websocket-extensions"));
    peer.enter(TestKey{1});
  }
}

TEST(Upgrade, WhatIsNoUpgradeIsRefusedWithASentence) {
  const RelayProcess relay;
  const auto status = [&relay](const std::string& request) {
    const HttpReply reply = ask(relay.port(), request);
    EXPECT_TRUE(reply.body.ends_with(".\n")) << request;
    return reply.status;
  };
  EXPECT_EQ(status("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), 404U);
  EXPECT_EQ(status("GET /v1/ HTTP/1.1\r\nHost: localhost\r\n\r\n"), 404U);
  EXPECT_EQ(status("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"), 404U);
  EXPECT_EQ(status("GET /v1 HTTP/1.1\r\nHost: localhost\r\n\r\n"), 426U);
  EXPECT_EQ(status("POST /v1 HTTP/1.1\r\nHost: localhost\r\n\r\n"), 405U);
  EXPECT_EQ(status("GET /v1 HTTP/1.1\r\n\r\n"), 400U);
  EXPECT_EQ(status("GET /v1 HTTP/1.0\r\nHost: localhost\r\n\r\n"), 505U);
  EXPECT_EQ(status("nonsense\r\n\r\n"), 400U);
  EXPECT_EQ(status("GET /v1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello"), 400U);
  EXPECT_EQ(status("GET /v1 HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400U);
  EXPECT_EQ(status("GET /v1 HTTP/1.1\r\nHost: localhost\r\nX-Long: " + std::string(9'000, 'x') + "\r\n\r\n"), 431U);
  EXPECT_EQ(relay.metric("lethe_upgrades_refused_total"), 11);
  EXPECT_TRUE(relay.reaches("lethe_sessions", 0));
}

TEST(Upgrade, AHeaderThatNeverEndsIsRefused) {
  const RelayProcess relay;
  const HttpReply reply = ask(relay.port(), "GET /v1 HTTP/1.1\r\nHost: localhost\r\nX-Long: " + std::string(20'000, 'x'));
  EXPECT_EQ(reply.status, 431U);
}

unsigned status_of_origin(const RelayProcess& relay, const std::string& origin) {
  return ask_to_upgrade(relay, json_protocol, origin.empty() ? "" : "Origin: " + origin + "\r\n").status;
}

TEST(Upgrade, AnyOriginMayConnectByDefault) {
  const RelayProcess relay;
  EXPECT_EQ(status_of_origin(relay, "https://anywhere.example"), 101U);
  EXPECT_EQ(status_of_origin(relay, ""), 101U);
}

TEST(Upgrade, OnlyTheOriginsOfTheConfigurationConnect) {
  const RelayProcess relay{{{"allowed_origins", "https://chat.example,https://other.example:8443"}}};
  EXPECT_EQ(status_of_origin(relay, "https://chat.example"), 101U);
  EXPECT_EQ(status_of_origin(relay, "https://other.example:8443"), 101U);
  EXPECT_EQ(status_of_origin(relay, ""), 101U);
  for (const char* const foreign : {"https://evil.example", "http://chat.example", "https://chat.example.evil", "null"}) {
    EXPECT_EQ(status_of_origin(relay, foreign), 403U) << foreign;
  }
}

TEST(Upgrade, WithoutAListOnlyTheRelaysOwnOriginConnects) {
  const RelayProcess relay{{{"allowed_origins", ""}}};
  EXPECT_EQ(status_of_origin(relay, "https://localhost"), 101U);
  EXPECT_EQ(status_of_origin(relay, "https://chat.example"), 403U);
}

TEST(Upgrade, ASourceThatConnectsTooFastIsToldToWait) {
  const RelayProcess relay{{{"limits.session.handshakes_per_second", "1"}}};
  HttpReply reply;
  for (int i = 0; i < 200 && reply.status != 429; ++i) {
    try {
      reply = ask(relay.port(), upgrade_request("chat"));
    } catch (const std::runtime_error&) {
      break;   // twice too fast: dropped
    }
    if (reply.status == 429) continue;
    ASSERT_EQ(reply.status, 400U);
    reply = ask_to_upgrade(relay, json_protocol);
  }
  ASSERT_EQ(reply.status, 429U);
  EXPECT_GE(std::stoi(reply.value("retry-after")), 1);
}

TEST(Upgrade, BeyondTheSessionsOfASourceOrTheRelayItIsRefused) {
  const std::map<std::string, unsigned> cases{{"limits.session.per_source", 429}, {"limits.session.total", 503}};
  for (const auto& [limit, status] : cases) {
    const RelayProcess relay{{{limit, "1"}}};
    WirePeer peer{relay, Encoding::json};
    const HttpReply reply = ask(relay.port(), upgrade_request(json_protocol));
    EXPECT_EQ(reply.status, status);
    EXPECT_GE(std::stoi(reply.value("retry-after")), 1);
    peer.enter(TestKey{1});   // the one inside doesn't notice
  }
}

TEST(WellKnown, TellsWhatAnyoneMayKnow) {
  const RelayProcess relay{{{"name", "relay.test"}}};
  const HttpReply reply = ask(relay.port(), "GET /.well-known/lethe HTTP/1.1\r\nHost: relay.test\r\n\r\n");
  ASSERT_EQ(reply.status, 200U);
  EXPECT_EQ(reply.value("content-type"), "application/json");
  const Json page = Json::parse(reply.body);
  EXPECT_FALSE(page.at("version").get<std::string>().empty());
  EXPECT_FALSE(page.at("build").get<std::string>().empty());
  EXPECT_EQ(page.at("protocols"), (Json{"lethe.v1.json", "lethe.v1.binary"}));
  WirePeer peer{relay, Encoding::json};
  EXPECT_EQ(page.at("epoch"), peer.hello().at("epoch"));
  EXPECT_EQ(page.at("limits"), peer.hello().at("limits"));
  EXPECT_EQ(page.at("retention"), (Json{{"engine", "memory"}, {"longest_ttl", 1'209'600}}));
  EXPECT_EQ(page.at("protections").at("tls"), true);
  EXPECT_EQ(page.at("protections").at("locked_arena"), false);   // the test turns it off
  for (const auto& [name, active] : page.at("protections").items()) EXPECT_TRUE(active.is_boolean()) << name;
}

TEST(WellKnown, AnswersHeadWithoutABody) {
  const RelayProcess relay;
  const HttpReply reply = ask(relay.port(), "HEAD /.well-known/lethe HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(reply.status, 200U);
  EXPECT_GT(std::stoi(reply.value("content-length")), 0);
  EXPECT_EQ(reply.body, "");
}

TEST(Tls, TheDevelopmentCertificateIsTheOneThatIsPrinted) {
  const RelayProcess relay;
  const TlsClient connection{relay.port()};
  EXPECT_EQ(connection.fingerprint(), relay.fingerprint());
  EXPECT_EQ(connection.version(), TLS1_3_VERSION);
}

TEST(Tls, Version12IsSpokenByConfigurationOnly) {
  const RelayProcess strict;
  EXPECT_THROW((TlsClient{strict.port(), {.highest = TLS1_2_VERSION}}), std::runtime_error);
  EXPECT_TRUE(strict.reaches("lethe_tls_handshakes_failed_total", 1));
  const RelayProcess lenient{{{"tls.minimum", "1.2"}}};
  WirePeer peer{lenient, Encoding::binary, {.highest = TLS1_2_VERSION}};
  EXPECT_EQ(peer.tls().version(), TLS1_2_VERSION);
  peer.enter(TestKey{1}, {.exporter = true});
  WirePeer newer{lenient, Encoding::binary};
  EXPECT_EQ(newer.tls().version(), TLS1_3_VERSION);
}

// Whether a second connection resumes what the first one was given.
bool resumes(const RelayProcess& relay, int highest) {
  WirePeer first{relay, Encoding::json, {.highest = highest}};
  first.enter(TestKey{1});
  const TlsSession given = first.tls().session();
  WirePeer second{relay, Encoding::json, {.highest = highest, .resume = given}};
  second.enter(TestKey{1});
  return second.tls().resumed();
}

TEST(Tls, NothingIsResumedByDefault) {
  const RelayProcess relay{{{"tls.minimum", "1.2"}}};
  EXPECT_FALSE(resumes(relay, TLS1_3_VERSION));
  EXPECT_FALSE(resumes(relay, TLS1_2_VERSION));
  WirePeer peer{relay, Encoding::json};
  peer.enter(TestKey{1});
  EXPECT_EQ(SSL_SESSION_has_ticket(peer.tls().session().get()), 0);
}

TEST(Tls, SessionsResumeWhereTheConfigurationSaysSo) {
  const RelayProcess relay{{{"tls.minimum", "1.2"}, {"tls.resumption", "true"}}};
  EXPECT_TRUE(resumes(relay, TLS1_3_VERSION));
  EXPECT_TRUE(resumes(relay, TLS1_2_VERSION));
  const RelayProcess another{{{"tls.resumption", "true"}}};
  WirePeer peer{relay, Encoding::json};
  peer.enter(TestKey{1});
  const TlsClient elsewhere{another.port(), {.resume = peer.tls().session()}};
  EXPECT_FALSE(elsewhere.resumed());
}

}  // namespace
}  // namespace lethe::test
