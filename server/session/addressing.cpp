#include "session/addressing.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

#include "identity/invite_cache.hpp"

namespace lethe::session {
namespace {

using identity::CheckedInvite;
using identity::InviteCheck;
using mailbox::Refusal;

mailbox::Grant grant_of(const CheckedInvite& invite) noexcept {
  mailbox::Grant grant;
  grant.generation = invite.claims.generation;
  grant.label = invite.claims.label;
  grant.anonymous = invite.claims.anonymous();
  grant.this_epoch_only = invite.claims.this_epoch_only();
  grant.max_ttl = seconds{invite.claims.max_ttl};
  grant.rate = invite.claims.rate;
  grant.key = invite.key;
  return grant;
}

}  // namespace

Addressing::Addressing(identity::InviteCache& invites, const KeyedHash& hash, const std::optional<Address>& device)
    : invites_{invites}, hash_{hash}, device_{device} {
  if (device) sender_ = device_sender(*device, hash);
}

void Addressing::resolve(const wire::Send& send, Instant now, Placement& placement, Recipients& recipients) {
  placement.slots.reserve(send.to.size());
  recipients.reserve(send.to.size());
  // Keyed hashes stand for the addresses: nobody can aim for a collision.
  boost::unordered_flat_set<std::uint64_t> named;
  const bool several = send.to.size() > 1;
  if (several) named.reserve(send.to.size());
  for (const wire::SendTo& to : send.to) {
    Placement::Slot& slot = placement.slots.emplace_back();
    slot.device = to.device;
    if (several && !named.insert(hash_(to.device.bytes)).second) {
      slot.refusal = Refusal::duplicate_recipient;
      continue;
    }
    add(to, send.topic, now, slot, recipients);
  }
}

void Addressing::add(const wire::SendTo& to, std::string_view topic, Instant now, Placement::Slot& slot,
                     Recipients& recipients) {
  CheckedInvite invite;
  if (to.invite) invite = invites_.check(to.device, *to.invite, now.wall);
  const bool valid = invite.check == InviteCheck::valid;
  const bool expired = invite.check == InviteCheck::expired;
  const bool anonymous = !device_;
  if (anonymous && !valid) {
    slot.refusal = expired ? Refusal::invite_expired : Refusal::not_invited;
    return;
  }
  slot.invite_expired = expired;
  mailbox::Recipient& recipient = recipients.emplace_back();
  recipient.device = to.device;
  recipient.authenticated = !anonymous;
  recipient.own = device_ == to.device;
  recipient.sender = anonymous ? invite_sender(invite.key) : sender_;
  recipient.topic = topic_key(recipient.sender, topic, hash_);
  if (valid) recipient.grant = grant_of(invite);
  if (anonymous) used_.remember(recipient.sender);
}

std::span<const mailbox::SenderKey> Addressing::senders() const noexcept {
  if (!device_) return used_.senders();
  return {&sender_, 1};
}

}  // namespace lethe::session
