#include "net/hand_over.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <cstring>
#include <stdexcept>
#include <vector>

#include <lethe/base/wipe.hpp>

#include "net/departing_state.hpp"

namespace lethe::net {
namespace {

constexpr seconds greeting_patience{5};
constexpr seconds start_patience{900};      // a large secret arena takes its time
constexpr seconds frame_patience{30};       // for one to be taken
constexpr seconds complete_patience{60};
constexpr seconds endless{0};
constexpr std::chrono::milliseconds accept_pause{100};

}  // namespace

struct HandOver::Successor : std::enable_shared_from_this<Successor> {
  explicit Successor(LocalSocket connection) : socket{std::move(connection)}, deadline{socket.get_executor()} {}

  // Until `in_time`, which what is awaited comes to; then the connection ends.
  void limit(seconds patience) {
    if (patience == endless) return;
    deadline.expires_after(patience);
    deadline.async_wait([self = shared_from_this(), awaited = awaited_](const error_code& error) {
      if (error || awaited != self->awaited_) return;
      self->timed_out = true;
      self->hang_up();
    });
  }
  void in_time() {
    ++awaited_;
    deadline.cancel();
  }
  // A connection that ends without the word means that this process has died.
  void hang_up() {
    const char word = static_cast<char>(HandOverStep::stop);
    if (socket.is_open()) (void)::send(socket.native_handle(), &word, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    error_code ignored;
    socket.close(ignored);
  }

  LocalSocket socket;
  SteadyTimer deadline;
  bool timed_out = false;
  bool let_go = false;   // `go` has been said: only the successor's death brings it back

 private:
  std::uint64_t awaited_ = 0;
};

HandOver::HandOver(asio::io_context& front, Relay& relay, Admin& admin, EventLog& log, std::function<void()> ended)
    : front_{front}, relay_{relay}, admin_{admin}, log_{log}, ended_{std::move(ended)}, user_{::geteuid()}, acceptor_{front}, pause_{front} {}

void HandOver::listen(const std::string& name, int inherited) {
  error_code error;
  if (inherited >= 0) {
    acceptor_.assign(Protocol{}, inherited, error);
    if (error) throw std::runtime_error{"hand_over: the socket of the relay before can't be used"};
    return;
  }
  const bool abstract = name.starts_with('@');
  std::string path = name;
  if (abstract) path.front() = '\0';
  const Protocol::endpoint endpoint{path};
  acceptor_.open(endpoint.protocol(), error);
  // The kernel then tells, with what a peer sends, whose it is, without a call that the lock-down would have to allow.
  const int on = 1;
  if (!error && ::setsockopt(acceptor_.native_handle(), SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0) error = {errno, boost::system::system_category()};
  if (!error) acceptor_.bind(endpoint, error);
  if (error == asio::error::address_in_use && !abstract) {
    // Nobody listens there, or it would have been asked: an earlier relay has left it, for it may not remove a file.
    ::unlink(path.c_str());
    acceptor_.bind(endpoint, error);
  }
  if (!error && !abstract && ::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0) error = {errno, boost::system::system_category()};
  if (!error) acceptor_.listen(8, error);
  if (error) throw std::runtime_error{"hand_over: the name can't be had: " + error.message()};
}

void HandOver::start() {
  if (acceptor_.is_open()) asio::co_spawn(front_, accept(*this), asio::detached);
}

void HandOver::stop(std::function<void()> idle) {
  error_code ignored;
  acceptor_.close(ignored);
  if (!successor_) return idle();
  idle_ = std::move(idle);
  if (!successor_->let_go) successor_->hang_up();
}

// One after the other.
Task<void> HandOver::accept(HandOver& hand_over) {
  while (hand_over.acceptor_.is_open()) {
    auto accepted = co_await hand_over.acceptor_.async_accept(use_task);
    if (std::get<0>(accepted)) {
      hand_over.pause_.expires_after(accept_pause);
      co_await hand_over.pause_.async_wait(use_task);
      continue;
    }
    const auto successor = std::make_shared<Successor>(std::move(std::get<1>(accepted)));
    hand_over.successor_ = successor;
    co_await serve(hand_over, successor);
    hand_over.successor_.reset();
    if (hand_over.idle_) hand_over.idle_();
  }
}

Task<void> HandOver::serve(HandOver& hand_over, std::shared_ptr<Successor> successor) {
  const bool welcome = co_await greet(hand_over, successor);
  if (!welcome) co_return;
  // It starts meanwhile; nothing here has changed where it doesn't get that far.
  const bool ready = co_await hear(successor, HandOverStep::ready, start_patience);
  if (!ready || hand_over.idle_) co_return;
  hand_over.log_.write(Severity::info, Event::handing_over);
  const Failure failure = co_await move(hand_over, successor);
  if (failure == Failure::none) hand_over.leave(hand_over.moved_);
  else hand_over.carry_on(failure);
  hand_over.stack_.due(hand_over.front_.get_executor());
}

// True: it is welcome, and knows so.
Task<bool> HandOver::greet(HandOver& hand_over, std::shared_ptr<Successor> successor) {
  successor->limit(greeting_patience);
  constexpr auto readable = LocalSocket::wait_read;
  auto waited = co_await successor->socket.async_wait(readable, use_task);
  successor->in_time();
  if (std::get<0>(waited)) co_return false;
  const HandOverWelcome welcome = hand_over.judge(*successor);
  const bool answered = hand_over.answer(*successor, welcome);
  if (welcome == HandOverWelcome::welcome) co_return answered;
  hand_over.write(Severity::warning, Event::hand_over_refused, static_cast<Failure>(welcome));
  co_return false;
}

HandOverWelcome HandOver::judge(Successor& successor) const {
  HandOverGreeting greeting;
  iovec part{&greeting, sizeof greeting};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(ucred))];
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const ssize_t got = ::recvmsg(successor.socket.native_handle(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  const cmsghdr* const header = CMSG_FIRSTHDR(&message);
  ucred sender{0, static_cast<uid_t>(-1), 0};
  const bool told = header != nullptr && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_CREDENTIALS;
  if (told) std::memcpy(&sender, CMSG_DATA(header), sizeof sender);
  if (!told || sender.uid != user_) return HandOverWelcome::other_user;
  const bool whole = got == static_cast<ssize_t>(sizeof greeting) && greeting.magic == hand_over_magic;
  if (!whole || greeting.version != hand_over_version) return HandOverWelcome::other_version;
  return relay_.context().draining ? HandOverWelcome::going_down : HandOverWelcome::welcome;
}

// A stranger learns nothing but the refusal; the sockets go only to whom is welcome.
bool HandOver::answer(Successor& successor, HandOverWelcome welcome) {
  HandOverAnswer answer;
  answer.welcome = welcome;
  std::vector<int> sockets;
  if (welcome == HandOverWelcome::welcome) {
    const Origin& origin = relay_.context().origin;
    answer.epoch = static_cast<std::uint64_t>(origin.epoch);
    answer.hash = origin.hash;
    sockets.push_back(relay_.listener());
    if (admin_.listener() >= 0) sockets.push_back(admin_.listener());
    answer.admin = static_cast<std::uint32_t>(sockets.size() - 1);
    sockets.push_back(acceptor_.native_handle());
  }
  iovec part{&answer, sizeof answer};
  alignas(cmsghdr) char control[CMSG_SPACE(3 * sizeof(int))]{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (!sockets.empty()) {
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(sockets.size() * sizeof(int));
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sockets.size() * sizeof(int));
    std::memcpy(CMSG_DATA(header), sockets.data(), sockets.size() * sizeof(int));
  }
  const ssize_t sent = ::sendmsg(successor.socket.native_handle(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  wipe(&answer, sizeof answer);
  return sent == static_cast<ssize_t>(sizeof answer);
}

Task<HandOver::Failure> HandOver::move(HandOver& hand_over, std::shared_ptr<Successor> successor) {
  const bool quiet = co_await Relay::pause(hand_over.relay_);
  if (!quiet) co_return Failure::sessions_stay;
  const bool sent = co_await send_all(hand_over, successor);
  if (!sent) co_return successor->timed_out ? Failure::too_late : Failure::gone;
  const bool complete = co_await hear(successor, HandOverStep::complete, complete_patience);
  if (!complete || hand_over.idle_) co_return successor->timed_out ? Failure::too_late : Failure::gone;
  successor->let_go = true;
  const char go = static_cast<char>(HandOverStep::go);
  const std::span<const std::uint8_t> word{reinterpret_cast<const std::uint8_t*>(&go), 1};
  const bool told = co_await send(successor, word);
  // From here on it may serve at any time, so only its death ends the wait: then, and only then, nobody does.
  if (!told) co_return Failure::gone;
  const bool taken = co_await hear_anything(successor);
  co_return taken ? Failure::none : Failure::gone;
}

Task<bool> HandOver::send_all(HandOver& hand_over, std::shared_ptr<Successor> successor) {
  DepartingState state{hand_over.relay_.context(), clock_now()};
  while (!state.complete()) {
    const std::span<const std::uint8_t> frame = state.next_frame();
    const bool sent = co_await send(successor, frame);
    if (!sent) co_return false;
  }
  hand_over.moved_ = {state.totals().entries, state.totals().bytes};
  co_return true;
}

Task<bool> HandOver::send(std::shared_ptr<Successor> successor, std::span<const std::uint8_t> bytes) {
  successor->limit(frame_patience);
  const asio::const_buffer all{bytes.data(), bytes.size()};
  auto written = co_await asio::async_write(successor->socket, all, use_task);
  successor->in_time();
  co_return !std::get<0>(written);
}

Task<bool> HandOver::hear(std::shared_ptr<Successor> successor, HandOverStep step, seconds patience) {
  successor->limit(patience);
  char said = 0;
  const asio::mutable_buffer word{&said, 1};
  auto got = co_await asio::async_read(successor->socket, word, use_task);
  successor->in_time();
  co_return !std::get<0>(got) && said == static_cast<char>(step);
}

Task<bool> HandOver::hear_anything(std::shared_ptr<Successor> successor) {
  char said = 0;
  const asio::mutable_buffer word{&said, 1};
  auto got = co_await asio::async_read(successor->socket, word, use_task);
  co_return !std::get<0>(got);
}

void HandOver::carry_on(Failure failure) {
  if (!successor_->let_go) successor_->hang_up();
  relay_.resume();
  write(Severity::warning, Event::hand_over_failed, failure);
}

void HandOver::leave(const HandedOver& moved) {
  idle_ = nullptr;
  error_code ignored;
  acceptor_.close(ignored);
  admin_.close();
  EventFields fields;
  fields.count = moved.entries;
  fields.bytes = moved.bytes;
  log_.write(Severity::info, Event::handed_over, fields);
  (void)relay_.end();
  ended_();
}

void HandOver::write(Severity severity, Event event, Failure failure) {
  EventFields fields;
  fields.code = static_cast<std::uint32_t>(failure);
  log_.write(severity, event, fields);
}

}  // namespace lethe::net
