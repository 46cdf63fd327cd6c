#pragma once
// A device's open mailbox: decrypts what arrives, writes it away, and lets it be acknowledged only then.
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>

#include <lethe/client/client.hpp>

#include "cli/progress.hpp"
#include "client/inbox.hpp"

namespace lethe::cli {

struct ListenSettings {
  client::Identity identity;
  std::optional<client::Inbox> inbox;    // none: texts only; files stay with the relay
  std::optional<unsigned> count;         // end after so many texts and files
  std::optional<seconds> timeout;        // end after so long
  bool show_sender = false;              // `<address> ` or `- ` before each text
};

class Listening {
 public:
  Listening(boost::asio::io_context& io, client::Options options, ListenSettings settings);

  // Runs the io_context until a signal, the count or the timeout. Complaints go to stderr.
  int run();

 private:
  client::Events events();
  void on_state(client::State state, error_code error);
  void on_ready(const client::Ready& ready);
  bool on_message(const client::Delivery& delivery);
  bool keep_text(const client::Part& part);
  bool keep_file(const client::Part& part);
  bool print_text(const client::Part& part);
  void arrived();
  void end(int code);
  bool disk_failed(error_code error);

  boost::asio::io_context& io_;
  ListenSettings settings_;
  client::Client client_;
  Progress progress_;
  unsigned arrived_ = 0;
  bool ended_ = false, file_waits_ = false;
  int code_ = 0;
};

}  // namespace lethe::cli
