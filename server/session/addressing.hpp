#pragma once
// Whom a session may write to, and as whom: turns the recipients of a send into what the engine decides on.
// Source: docs/protocol.md, «Sending», «Invite» and «Who may send».
//
// A device sends as itself; an invite that is not valid then counts as none, for the mailbox may be open to anyone. An
// anonymous session sends as the invite that it was given for that recipient, and without a valid one it asks the engine
// nothing, so its refusals can't depend on whether the mailbox exists.
#include <optional>
#include <span>

#include <boost/container/small_vector.hpp>

#include <lethe/base/time.hpp>
#include <lethe/mailbox/message.hpp>
#include <lethe/wire/messages.hpp>

#include "base/keyed_hash.hpp"
#include "session/placement.hpp"
#include "session/sender_keys.hpp"

namespace lethe::identity {
class InviteCache;
}
namespace lethe::session {

class Addressing {
 public:
  using Recipients = boost::container::small_vector<mailbox::Recipient, 2>;

  // `device`: of an authenticated session. The others must outlive it.
  Addressing(identity::InviteCache& invites, const KeyedHash& hash, const std::optional<Address>& device);

  // Appends a slot for every recipient of `send` to `placement`, and for each that the engine must decide on a Recipient to
  // `recipients`, in order. A device that is named twice is asked about once; the later ones are duplicate_recipient.
  void resolve(const wire::Send& send, Instant now, Placement& placement, Recipients& recipients);

  // Whom this session has sent as, so far: whose messages it may recall.
  std::span<const mailbox::SenderKey> senders() const noexcept;

 private:
  void add(const wire::SendTo& to, std::string_view topic, Instant now, Placement::Slot& slot, Recipients& recipients);

  identity::InviteCache& invites_;
  const KeyedHash& hash_;
  std::optional<Address> device_;
  mailbox::SenderKey sender_{};   // of the device; 0: an anonymous session
  UsedInvites used_;
};

}  // namespace lethe::session
