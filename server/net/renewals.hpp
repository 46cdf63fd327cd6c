#pragma once
// Takes renewed certificates and settings from the broker, over the socket pair that both had at the start (base/renewal.hpp), and
// gives them to the relay. On the front thread.
#include <boost/asio/local/stream_protocol.hpp>
#include <vector>

#include "base/renewal.hpp"
#include "net/executor.hpp"
#include "net/relay.hpp"

namespace lethe::net {

class Renewals {
 public:
  // `descriptor`: one end of a connected stream socket pair; owned from now on. The relay must outlive this.
  Renewals(asio::io_context& front, Relay& relay, int descriptor);
  Renewals(const Renewals&) = delete;
  Renewals& operator=(const Renewals&) = delete;

  // Begins to listen, until the other end goes. This must outlive the front's run.
  void start();

 private:
  using LocalSocket = asio::basic_stream_socket<asio::local::stream_protocol, Executor>;
  static Task<void> serve(Renewals& renewals);
  // One message; false where the other end has gone or says nonsense.
  static Task<bool> receive(Renewals& renewals);
  void hand_over();

  asio::io_context& front_;
  Relay& relay_;
  LocalSocket socket_;
  RenewalHeader header_;
  Settings settings_;
  std::vector<char> pem_;    // overwritten once it is handed over
};

}  // namespace lethe::net
