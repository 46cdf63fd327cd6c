#pragma once
// What a session still listens to while the relay goes down: acknowledgements, and pings behind them. A send is answered
// with a reason, since what would be accepted now would be lost.
#include "session/conversation.hpp"

namespace lethe::net {

class DrainingMessages final : public wire::ClientMessages {
 public:
  DrainingMessages(session::Conversation& conversation, session::Outbox& outbox, seconds retry_after) noexcept
      : conversation_{conversation}, outbox_{outbox}, retry_after_{retry_after} {}

  void on(const wire::Ack& message) override { conversation_.on(message); }
  void on(const wire::Ping& message) override { conversation_.on(message); }
  void on(const wire::Send& message) override {
    outbox_.push(wire::ServerMessage{wire::Error{wire::ErrorCode::rate_limited, "The relay is going down: send again after the "
                                                 "reconnect.", message.id, retry_after_}});
  }
  void on(const wire::Auth&) override {}
  void on(const wire::Recall& message) override { conversation_.on(message); }
  void on(const wire::MailboxChange&) override {}
  bool open() const override { return conversation_.open(); }

 private:
  session::Conversation& conversation_;
  session::Outbox& outbox_;
  seconds retry_after_;
};

}  // namespace lethe::net
