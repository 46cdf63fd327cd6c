#include "integration/crowd.hpp"

#include <cstring>
#include <future>

#include <boost/asio/post.hpp>

#include "audit/peer/tls_client.hpp"

namespace lethe::test {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds between_sends{4};
constexpr std::chrono::milliseconds look_again{5};
constexpr std::size_t largest_payload = 200;

// What each payload begins with.
struct Mark {
  std::uint32_t sender = 0;
  std::uint32_t mailbox = 0;   // `everyone` where it went to all at once
  std::uint32_t number = 0;    // counted from 0, for this sender and mailbox
};
constexpr std::uint32_t everyone = 0xffff'ffff;

template <class Condition>
bool await(Condition condition) {
  const auto end = Clock::now() + 3 * peer::patience;
  while (!condition()) {
    if (Clock::now() >= end) return false;
    std::this_thread::sleep_for(look_again);
  }
  return true;
}

}  // namespace

struct Crowd::Mailbox {
  std::uint32_t number = 0;
  client::Identity identity = client::Identity::generate();
  client::Recipient recipient{};
  std::unique_ptr<client::Client> client;
  std::map<std::uint32_t, std::uint32_t> sent;                                 // by sender
  std::map<std::pair<std::uint32_t, bool>, std::uint32_t> received;            // by sender, and whether it went to everyone
};

struct Crowd::Sender {
  explicit Sender(boost::asio::io_context& io) : timer{io} {}
  std::uint32_t number = 0;
  client::Identity identity = client::Identity::generate();
  std::unique_ptr<client::Client> client;
  boost::asio::steady_timer timer;
  std::uint32_t sent_to_everyone = 0;
};

Crowd::Crowd(std::uint16_t port, const std::string& ca_file, const Size& size) : size_{size}, work_{io_.get_executor()} {
  options_.relay = {"localhost", port};
  options_.relay_name = "localhost";
  options_.trust.ca_file = ca_file;
  options_.backoff = {milliseconds{50}, milliseconds{200}};   // its sessions are too short to begin anew
  for (std::uint32_t i = 0; i < size_.mailboxes; ++i) {
    Mailbox& mailbox = *mailboxes_.emplace_back(std::make_unique<Mailbox>());
    mailbox.number = i;
    client::InviteTerms terms;
    terms.expires = 4'102'444'800;   // the year 2100
    mailbox.recipient = {mailbox.identity.address(), client::mint_invite(mailbox.identity, terms)};
  }
  for (std::uint32_t i = 0; i < size_.senders; ++i) senders_.emplace_back(std::make_unique<Sender>(io_))->number = i;
  thread_ = std::thread{[this] { io_.run(); }};
}

Crowd::~Crowd() {
  on_thread([this] {
    for (const auto& mailbox : mailboxes_) mailbox->client.reset();
    for (const auto& sender : senders_) {
      sender->timer.cancel();
      sender->client.reset();
    }
  });
  work_.reset();
  io_.stop();
  thread_.join();
}

template <class Work>
void Crowd::on_thread(Work work) {
  std::promise<void> done;
  boost::asio::post(io_, [&] {
    work();
    done.set_value();
  });
  done.get_future().wait();
}

std::unique_ptr<client::Client> Crowd::connect(const client::Identity& identity, client::Events events) {
  client::Options options = options_;
  options.identity = identity;
  const auto told = std::make_shared<bool>(false);   // in this connection, why it ends
  events.state = [this, told, was_online = false](client::State state, error_code error) mutable {
    const bool online = state == client::State::online;
    if (online != was_online) online ? ++seen_.online : --seen_.online;
    was_online = online;
    if (state == client::State::waiting && !*told) {
      const bool refused = error == boost::system::errc::connection_refused || error == client::Error::upgrade_refused;
      ++(refused ? seen_.refused : seen_.broken_off);
    }
    if (state == client::State::connecting) *told = false;
  };
  events.ready = [this, first = true](const client::Ready& ready) mutable {
    if (!ready.continuous && !first) ++seen_.not_continuous;
    first = false;
  };
  events.closing = [this, told](const client::Closing& closing) {
    *told = true;
    seen_.sent_away += closing.reason == "draining";
  };
  auto connected = std::make_unique<client::Client>(io_, options, std::move(events));
  connected->start();
  return connected;
}

void Crowd::listen(Mailbox& mailbox) {
  client::Events events;
  events.message = [this, &mailbox](const client::Delivery& delivery) {
    take(mailbox, delivery);
    return true;
  };
  mailbox.client = connect(mailbox.identity, std::move(events));
}

void Crowd::take(Mailbox& mailbox, const client::Delivery& delivery) {
  Mark mark;
  const bool marked = delivery.payload.size() >= sizeof mark;
  if (marked) std::memcpy(&mark, delivery.payload.data(), sizeof mark);
  const bool shared = mark.mailbox == everyone;
  const bool ours = marked && mark.sender < senders_.size() && (shared || mark.mailbox == mailbox.number);
  const bool next = ours && mailbox.received[{mark.sender, shared}]++ == mark.number;
  if (!next) ++seen_.wrong;
  ++seen_.received;
}

void Crowd::send(Sender& sender, std::vector<Mailbox*> to) {
  const bool shared = to.size() > 1;
  const Mark mark{sender.number, shared ? everyone : to.front()->number, shared ? sender.sent_to_everyone++ : to.front()->sent[sender.number]++};
  client::Message message;
  for (const Mailbox* const mailbox : to) message.to.push_back(mailbox->recipient);
  message.payload.resize(sizeof mark + random_() % (largest_payload - sizeof mark));
  std::memcpy(message.payload.data(), &mark, sizeof mark);
  ++outstanding_;
  sender.client->send(std::move(message), [this](const client::SendResult& result) {
    seen_.accepted += result.accepted;
    seen_.not_accepted += result.refused.size() + (result.error.empty() ? 0U : 1U);
    --outstanding_;
  });
}

bool Crowd::fill_mailboxes() {
  on_thread([this] {
    for (const auto& sender : senders_) sender->client = connect(sender->identity, {});
    std::vector<Mailbox*> all;
    for (const auto& mailbox : mailboxes_) all.push_back(mailbox.get());
    for (std::uint32_t i = 0; i < size_.to_all; ++i) send(*senders_.front(), all);
    for (std::uint32_t i = 0; i < size_.to_each; ++i) {
      for (Mailbox* const mailbox : all) send(*senders_.front(), {mailbox});
    }
  });
  return await([this] { return outstanding_ == 0; });
}

bool Crowd::begin_traffic() {
  sending_ = true;
  on_thread([this] {
    for (std::uint32_t i = 0; i < size_.receivers; ++i) listen(*mailboxes_[i]);
    for (const auto& sender : senders_) go_on(*sender);
  });
  return await_online(live_sessions());
}

bool Crowd::await_online(std::uint64_t sessions) const {
  return await([&] { return seen_.online >= sessions; });
}

// Most to those that are there, some to those that are not.
void Crowd::go_on(Sender& sender) {
  if (!sending_) return;
  const std::uint32_t among = random_() % 5 == 0 ? size_.mailboxes : size_.receivers;
  send(sender, {mailboxes_[random_() % among].get()});
  sender.timer.expires_after(between_sends);
  sender.timer.async_wait([this, &sender](const error_code& error) {
    if (!error) go_on(sender);
  });
}

bool Crowd::end_traffic() {
  sending_ = false;
  return await([this] { return outstanding_ == 0; });
}

bool Crowd::collect_everything() {
  on_thread([this] {
    for (std::uint32_t i = size_.receivers; i < size_.mailboxes; ++i) listen(*mailboxes_[i]);
  });
  return await([this] { return seen_.received >= seen_.accepted; });
}

}  // namespace lethe::test
