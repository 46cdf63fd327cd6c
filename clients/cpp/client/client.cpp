#include <lethe/client/client.hpp>

#include <utility>

#include "client/core.hpp"

namespace lethe::client {

Client::Client(boost::asio::io_context& io, Options options, Events events)
    : core_(std::make_shared<Core>(io, std::move(options), std::move(events))) {}

Client::~Client() { core_->abandon(); }

void Client::start() { core_->start(); }
void Client::stop() { core_->stop(); }

MessageId Client::send(Message message, OnResult on_result) { return core_->send(std::move(message), std::move(on_result)); }
bool Client::recall(const MessageId& id, const Address& device) { return core_->recall(id, device); }
void Client::update_mailbox(const MailboxSettings& changes) { core_->update_mailbox(changes); }
bool Client::ping(std::function<void()> on_pong) { return core_->ping(std::move(on_pong)); }

State Client::state() const noexcept { return core_->state(); }
RelayLimits Client::limits() const noexcept { return core_->limits(); }
std::optional<Epoch> Client::epoch() const { return core_->epoch(); }
std::size_t Client::outbox_messages() const noexcept { return core_->outbox().size(); }
std::size_t Client::outbox_bytes() const noexcept { return core_->outbox().bytes(); }

}  // namespace lethe::client
