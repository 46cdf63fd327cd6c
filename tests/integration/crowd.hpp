#pragma once
// Many devices of the client library, on a thread of their own: some send all the time, some receive all the time, the others come for
// their messages at the end. What each sent is counted, and what each gets is compared, message by message.
#include <atomic>
#include <map>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <lethe/client/client.hpp>

namespace lethe::test {

class Crowd {
 public:
  struct Size {
    std::uint32_t mailboxes = 1'000;
    std::uint32_t receivers = 50;   // that are there all the time: the first mailboxes
    std::uint32_t senders = 6;
    std::uint32_t to_all = 60;      // messages that wait at first: to every mailbox at once,
    std::uint32_t to_each = 40;     // and to each its own
  };
  // What went wrong, and what else is to be seen. Read by any thread.
  struct Seen {
    std::atomic<std::uint64_t> accepted{0};      // one a recipient
    std::atomic<std::uint64_t> received{0};
    std::atomic<std::uint64_t> not_accepted{0};
    std::atomic<std::uint64_t> wrong{0};         // twice, out of order, or another's
    std::atomic<std::uint64_t> refused{0};       // connections and upgrades
    std::atomic<std::uint64_t> broken_off{0};    // that ended without a word of the relay
    std::atomic<std::uint64_t> not_continuous{0};
    std::atomic<std::uint64_t> sent_away{0};     // told that the relay drains
    std::atomic<std::uint64_t> online{0};
  };

  Crowd(std::uint16_t port, const std::string& ca_file, const Size& size);
  ~Crowd();

  // Each returns when it is done; false after a time that is long enough.
  bool fill_mailboxes();
  bool begin_traffic();
  bool await_online(std::uint64_t sessions) const;
  bool end_traffic();
  bool collect_everything();

  const Seen& seen() const noexcept { return seen_; }
  std::uint64_t live_sessions() const noexcept { return size_.receivers + size_.senders; }

 private:
  struct Mailbox;
  struct Sender;
  std::unique_ptr<client::Client> connect(const client::Identity& identity, client::Events events);
  void listen(Mailbox& mailbox);
  void take(Mailbox& mailbox, const client::Delivery& delivery);
  void send(Sender& sender, std::vector<Mailbox*> to);
  void go_on(Sender& sender);
  template <class Work>
  void on_thread(Work work);

  Size size_;
  client::Options options_;
  Seen seen_;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::vector<std::unique_ptr<Mailbox>> mailboxes_;
  std::vector<std::unique_ptr<Sender>> senders_;   // the first fills the mailboxes
  std::minstd_rand random_{7};
  std::atomic<bool> sending_{false};
  std::atomic<std::uint64_t> outstanding_{0};
  std::thread thread_;
};

}  // namespace lethe::test
