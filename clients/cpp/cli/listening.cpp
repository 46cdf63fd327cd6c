#include "cli/listening.hpp"

#include <cstdio>
#include <utility>

#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <lethe/client/base64url.hpp>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "client/safe_name.hpp"

namespace lethe::cli {

Listening::Listening(boost::asio::io_context& io, client::Options options, ListenSettings settings)
    : io_(io), settings_(std::move(settings)), client_(io, std::move(options), events()), progress_("Received") {}

client::Events Listening::events() {
  client::Events events;
  events.state = [this](client::State state, error_code error) { on_state(state, error); };
  events.ready = [this](const client::Ready& ready) { on_ready(ready); };
  events.message = [this](const client::Delivery& delivery) { return on_message(delivery); };
  return events;
}

int Listening::run() {
  if (settings_.inbox) {
    for (const auto& path : settings_.inbox->recovered()) {
      std::fprintf(stderr, "Received %s\n", path.c_str());
      arrived();
    }
    if (ended_) return code_;
  }
  boost::asio::signal_set signals(io_, SIGINT, SIGTERM);
  signals.async_wait([this](error_code cancelled, int) {
    if (!cancelled) end(done);
  });
  boost::asio::steady_timer deadline(io_);
  if (settings_.timeout) {
    deadline.expires_after(*settings_.timeout);
    deadline.async_wait([this](error_code cancelled) {
      if (!cancelled) end(settings_.count ? timed_out : done);
    });
  }
  client_.start();
  while (!(ended_ && client_.state() == client::State::stopped) && io_.run_one() > 0) {
  }
  return code_;
}

void Listening::on_state(client::State state, error_code error) {
  if (state == client::State::waiting && ended_) return client_.stop();
  if (state == client::State::waiting) complain("no connection, trying again", error.message());
  if (state != client::State::stopped || ended_) return;
  complain(error.message());
  end(cannot_connect);
}

void Listening::on_ready(const client::Ready& ready) {
  std::fprintf(stderr, "Listening; %llu waiting.\n", static_cast<unsigned long long>(ready.queued));
  if (ready.missed.expired > 0) {
    std::fprintf(stderr, "%llu expired before they could be delivered.\n", static_cast<unsigned long long>(ready.missed.expired));
  }
  if (!ready.continuous) complain("the relay restarted: what had waited there is gone, and senders must send it again");
}

bool Listening::on_message(const client::Delivery& delivery) {
  if (ended_) return false;
  const auto part = client::open_sealed(delivery.payload, settings_.identity);
  if (!part) {
    // It would come again for ever otherwise.
    complain("dropped a message", part.error().message());
    return true;
  }
  if (settings_.inbox && settings_.inbox->was_finished(part->transfer)) return true;
  return part->kind == client::Kind::text ? keep_text(*part) : keep_file(*part);
}

bool Listening::keep_text(const client::Part& part) {
  if (!print_text(part)) return false;
  if (settings_.inbox) {
    if (const auto failure = settings_.inbox->remember(part.transfer)) return disk_failed(failure);
  }
  arrived();
  return true;
}

// A terminal gets no control characters from strangers; a file or pipe gets what was sent.
bool Listening::print_text(const client::Part& part) {
  auto text = ::isatty(STDOUT_FILENO) == 1 ? client::safe_text(client::as_text(part.bytes))
                                           : std::string(client::as_text(part.bytes));
  if (settings_.show_sender) {
    const auto sender = part.sender ? client::to_base64url(part.sender->bytes) : std::string("-");
    std::fwrite(sender.data(), 1, sender.size(), stdout);
    std::fputc(' ', stdout);
  }
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (!text.ends_with('\n')) std::fputc('\n', stdout);
  client::wipe_memory(text.data(), text.size());
  const bool written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  struct stat status {};
  const bool is_file = ::fstat(STDOUT_FILENO, &status) == 0 && S_ISREG(status.st_mode);
  if (written && (!is_file || ::fdatasync(STDOUT_FILENO) == 0)) return true;
  return disk_failed(client::last_system_error());
}

bool Listening::keep_file(const client::Part& part) {
  if (!settings_.inbox) {
    if (!std::exchange(file_waits_, true)) complain("a file is waiting at the relay; fetch it with: lethe-cli listen --out DIR");
    return false;
  }
  const auto accepted = settings_.inbox->accept(part);
  if (!accepted) return disk_failed(accepted.error());
  switch (accepted->status) {
    case client::Inbox::Status::stored: progress_.show(part.index + 1, part.count); break;
    case client::Inbox::Status::duplicate: break;
    case client::Inbox::Status::rejected: complain("dropped a part of a file", accepted->reason.message()); break;
    case client::Inbox::Status::complete:
      progress_.finish();
      std::fprintf(stderr, "Received %s (%llu bytes), %s%s\n", accepted->path.c_str(), static_cast<unsigned long long>(part.total),
                   part.sender ? "signed by " : "unsigned", part.sender ? client::to_base64url(part.sender->bytes).c_str() : "");
      arrived();
  }
  return true;
}

void Listening::arrived() {
  ++arrived_;
  if (!settings_.count || arrived_ < *settings_.count) return;
  ended_ = true;
  // The answer to the ping says that the relay has carried the acknowledgements out, so that nothing comes twice.
  if (!client_.ping([this] { client_.stop(); })) client_.stop();
}

void Listening::end(int code) {
  if (!std::exchange(ended_, true)) code_ = code;
  progress_.finish();
  client_.stop();
}

bool Listening::disk_failed(error_code error) {
  complain("could not write", error.message());
  end(input_output);
  return false;
}

}  // namespace lethe::cli
