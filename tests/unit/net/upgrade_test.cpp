#include "net/upgrade.hpp"

#include <gtest/gtest.h>

#include <functional>

#include <boost/beast/http/error.hpp>

namespace lethe::net {
namespace {

Request upgrade_request() {
  Request request{http::verb::get, "/v1", 11};
  request.set(http::field::host, "relay.example:8443");
  request.set(http::field::upgrade, "websocket");
  request.set(http::field::connection, "Upgrade");
  request.set(http::field::sec_websocket_version, "13");
  request.set(http::field::sec_websocket_key, "dGhlIHNhbXBsZSBub25jZQ==");
  request.set(http::field::sec_websocket_protocol, "lethe.v1.json");
  return request;
}

unsigned refusal(const Request& request, const UpgradePolicy& policy = {}) {
  const UpgradeDecision decision = decide(request, policy);
  return decision.kind == UpgradeDecision::Kind::refused ? decision.refused.status : 0;
}

TEST(Upgrade, TakesTheFirstSubprotocolThatItKnows) {
  Request request = upgrade_request();
  EXPECT_EQ(decide(request, {}).kind, UpgradeDecision::Kind::websocket);
  EXPECT_EQ(decide(request, {}).encoding, wire::Encoding::json);
  request.set(http::field::sec_websocket_protocol, "chat, lethe.v1.binary, lethe.v1.json");
  EXPECT_EQ(decide(request, {}).encoding, wire::Encoding::binary);
}

TEST(Upgrade, KnowsTheResourceInAWholeUri) {
  for (const char* target : {"https://relay.example:8443/v1", "http://relay.example/v1"}) {
    Request request = upgrade_request();
    request.target(target);
    EXPECT_EQ(refusal(request), 0U) << target;
  }
}

TEST(Upgrade, FindsASubprotocolInASecondHeader) {
  Request request = upgrade_request();
  request.set(http::field::sec_websocket_protocol, "chat");
  request.insert(http::field::sec_websocket_protocol, "lethe.v1.binary");
  EXPECT_EQ(decide(request, {}).encoding, wire::Encoding::binary);
}

TEST(Upgrade, RefusesARequestWithoutSubprotocol) {
  Request request = upgrade_request();
  request.set(http::field::sec_websocket_protocol, "chat");
  EXPECT_EQ(refusal(request), 400U);
  request.erase(http::field::sec_websocket_protocol);
  EXPECT_EQ(refusal(request), 400U);
}

TEST(Upgrade, NamesWhatIsWrongByItsStatus) {
  const struct {
    const char* what;
    std::function<void(Request&)> change;
    unsigned status;
  } cases[] = {
      {"other path", [](Request& r) { r.target("/v2"); }, 404},
      {"path with query", [](Request& r) { r.target("/v1?token=x"); }, 404},
      {"post", [](Request& r) { r.method(http::verb::post); }, 405},
      {"no upgrade", [](Request& r) { r.erase(http::field::upgrade); }, 426},
      {"old version", [](Request& r) { r.set(http::field::sec_websocket_version, "8"); }, 426},
      {"no key", [](Request& r) { r.erase(http::field::sec_websocket_key); }, 400},
      {"key of 15 bytes", [](Request& r) { r.set(http::field::sec_websocket_key, "AAAAAAAAAAAAAAAAAAAA"); }, 400},
      {"key of 17 bytes", [](Request& r) { r.set(http::field::sec_websocket_key, "AAAAAAAAAAAAAAAAAAAAAAA="); }, 400},
      {"key not in base64", [](Request& r) { r.set(http::field::sec_websocket_key, "!!!!!!!!!!!!!!!!!!!!!!=="); }, 400},
      {"other path of a whole URI", [](Request& r) { r.target("https://relay.example:8443/v2"); }, 404},
      {"no path in a whole URI", [](Request& r) { r.target("https://relay.example:8443"); }, 404},
      {"no host", [](Request& r) { r.erase(http::field::host); }, 400},
      {"two hosts", [](Request& r) { r.insert(http::field::host, "other.example"); }, 400},
      {"two keys", [](Request& r) { r.insert(http::field::sec_websocket_key, "dGhlIHNhbXBsZSBub25jZQ=="); }, 400},
      {"two versions", [](Request& r) { r.insert(http::field::sec_websocket_version, "13"); }, 400},
      {"HTTP/1.0", [](Request& r) { r.version(10); }, 505},
      {"body", [](Request& r) { r.set(http::field::content_length, "5"); }, 400},
      {"chunked", [](Request& r) { r.set(http::field::transfer_encoding, "chunked"); }, 400},
  };
  for (const auto& test : cases) {
    Request request = upgrade_request();
    test.change(request);
    EXPECT_EQ(refusal(request), test.status) << test.what;
  }
}

TEST(Upgrade, AllowsOnlyExactOrigins) {
  const UpgradePolicy policy{{"https://app.example"}};
  const struct {
    const char* origin;
    bool allowed;
  } cases[] = {{"https://app.example", true},        {"http://app.example", false}, {"https://app.example.evil", false},
               {"https://app.example:444", false},   {"null", false},               {"https://relay.example:8443", false}};
  for (const auto& test : cases) {
    Request request = upgrade_request();
    request.set(http::field::origin, test.origin);
    EXPECT_EQ(refusal(request, policy), test.allowed ? 0U : 403U) << test.origin;
  }
  EXPECT_EQ(refusal(upgrade_request(), policy), 0U) << "no Origin: not a browser";
}

TEST(Upgrade, TakesNoSecondOriginBesideAnAllowedOne) {
  const UpgradePolicy policy{{"https://app.example"}};
  Request request = upgrade_request();
  request.insert(http::field::origin, "https://app.example");
  EXPECT_EQ(refusal(request, policy), 0U);
  request.insert(http::field::origin, "https://other.example");
  EXPECT_EQ(refusal(request, policy), 400U);
}

TEST(Upgrade, AllowsItsOwnHostWhereNoOriginIsListed) {
  const UpgradePolicy policy{{}};
  Request request = upgrade_request();
  request.set(http::field::origin, "https://relay.example:8443");
  EXPECT_EQ(refusal(request, policy), 0U);
  request.set(http::field::origin, "https://relay.example");
  EXPECT_EQ(refusal(request, policy), 403U);
}

TEST(Upgrade, AnswersTheWellKnownPageToGetAndHeadOnly) {
  Request request{http::verb::get, "/.well-known/lethe", 11};
  request.set(http::field::host, "relay.example");
  EXPECT_EQ(decide(request, {}).kind, UpgradeDecision::Kind::well_known);
  request.method(http::verb::head);
  EXPECT_EQ(decide(request, {}).kind, UpgradeDecision::Kind::well_known);
  request.method(http::verb::delete_);
  EXPECT_EQ(refusal(request), 405U);
}

Request get(std::string_view target) {
  Request request{http::verb::get, target, 11};
  request.set(http::field::host, "relay.example:8443");
  return request;
}

TEST(Upgrade, AnswersTheDemoOnlyWhereItIsOn) {
  const UpgradePolicy on{.demo = true};
  for (const char* const target : {"/", "/demo/demo.js", "/demo/demo.css", "/demo/icon.svg", "https://relay.example:8443/"}) {
    EXPECT_EQ(refusal(get(target)), 404U) << target;
    const UpgradeDecision decision = decide(get(target), on);
    ASSERT_EQ(decision.kind, UpgradeDecision::Kind::demo_file) << target;
    EXPECT_NE(decision.file, nullptr);
  }
  EXPECT_EQ(refusal(get("/demo/status")), 404U);
  EXPECT_EQ(decide(get("/demo/status"), on).kind, UpgradeDecision::Kind::demo_status);
  for (const char* const target : {"/demo", "/demo/", "/index.html", "/demo/demo.js?x", "/demo/../demo/demo.js", "*"}) {
    EXPECT_EQ(refusal(get(target), on), 404U) << target;
  }
}

TEST(Upgrade, AnswersTheDemoToGetOnlyAndItsFilesToHead) {
  const UpgradePolicy on{.demo = true};
  Request request = get("/");
  request.method(http::verb::head);
  EXPECT_EQ(decide(request, on).kind, UpgradeDecision::Kind::demo_file);
  request.method(http::verb::post);
  EXPECT_EQ(refusal(request, on), 405U);
  request = get("/demo/status");
  request.method(http::verb::head);
  EXPECT_EQ(refusal(request, on), 405U);
  request.method(http::verb::options);
  EXPECT_EQ(refusal(request, on), 405U);
}

TEST(Upgrade, AllowsItsOwnHostBesideTheListWhereTheDemoIsOn) {
  const UpgradePolicy on{.allowed_origins = {"https://app.example"}, .demo = true};
  Request request = upgrade_request();
  request.set(http::field::origin, "https://relay.example:8443");
  EXPECT_EQ(refusal(request, on), 0U);
  EXPECT_EQ(refusal(request, {{"https://app.example"}}), 403U);
  request.set(http::field::origin, "https://relay.example:8443.evil.example");
  EXPECT_EQ(refusal(request, on), 403U);
  request.set(http::field::origin, "https://app.example");
  EXPECT_EQ(refusal(request, on), 0U);
}

TEST(Upgrade, TellsTooLargeFromMalformedFromGone) {
  EXPECT_EQ(refusal_of(http::error::header_limit)->status, 431U);
  EXPECT_EQ(refusal_of(http::error::bad_method)->status, 400U);
  EXPECT_FALSE(refusal_of(http::error::end_of_stream));
  EXPECT_FALSE(refusal_of(boost::system::errc::make_error_code(boost::system::errc::connection_reset)));
}

TEST(Upgrade, SaysWhenToComeBack) {
  const Response response = respond(Refused{503, "The relay is going down.", seconds{7}});
  EXPECT_EQ(response[http::field::retry_after], "7");
  EXPECT_FALSE(response.keep_alive());
  EXPECT_EQ(response.body(), "The relay is going down.\n");
}

TEST(Upgrade, NamesTheVersionThatItSpeaks) {
  EXPECT_EQ(respond(Refused{426, "WebSocket version 13 is needed.", seconds{0}})[http::field::sec_websocket_version], "13");
}

TEST(Upgrade, SendsNoBodyToHead) {
  const Response response = respond("{}\n", true);
  EXPECT_TRUE(response.body().empty());
  EXPECT_EQ(response[http::field::content_length], "3");
}

}  // namespace
}  // namespace lethe::net
