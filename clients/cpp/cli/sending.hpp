#pragma once
// One transfer on its way to one recipient: keeps a bounded number of parts under way, and ends with an exit code.
#include <optional>
#include <set>
#include <string>

#include <boost/asio/io_context.hpp>

#include <lethe/client/client.hpp>

#include "cli/progress.hpp"
#include "client/outgoing.hpp"

namespace lethe::cli {

struct SendSettings {
  client::Recipient recipient;
  seconds ttl{604'800};
  client::Urgency urgency = client::Urgency::normal;
  bool receipt = false;                      // wait until everything is delivered
  milliseconds patience{30'000};             // for a relay that is away, full or limiting
  std::optional<seconds> timeout;            // for everything
  std::optional<client::Identity> sender;    // signs the contents
};

class Sending {
 public:
  Sending(boost::asio::io_context& io, client::Options options, SendSettings settings, client::Outgoing outgoing);

  // Runs the io_context until the transfer ended. Complaints go to stderr.
  int run();

 private:
  client::Events events();
  void on_state(client::State state, error_code error);
  void on_hello(const client::Hello& hello);
  void on_result(const client::SendResult& result);
  void on_receipt(const client::Receipt& receipt);
  void pump();
  void end(int code);
  void fail(int code, const std::string& why);

  boost::asio::io_context& io_;
  SendSettings settings_;
  client::Outgoing outgoing_;
  client::Client client_;
  Progress progress_;
  std::uint32_t accepted_ = 0, delivered_ = 0, under_way_ = 0;
  bool cut_ = false, ended_ = false;
  std::set<MessageId> ours_;  // without a receipt yet
  int code_ = 0;
};

}  // namespace lethe::cli
