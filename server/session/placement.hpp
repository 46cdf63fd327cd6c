#pragma once
// One send on its way to an answer: which recipients the session decided itself and which it asked the engine about.
#include <cstddef>
#include <span>

#include <boost/container/small_vector.hpp>

#include <lethe/mailbox/message.hpp>
#include <lethe/wire/messages.hpp>

namespace lethe::session {

struct Placement {
  struct Slot {
    Address device;
    mailbox::Refusal refusal = mailbox::Refusal::none;   // decided here; none: the engine was asked
    bool invite_expired = false;                         // what the sender should hear in place of not_invited
  };
  MessageId id;
  seconds ttl{0};                                        // asked for, within the limit
  boost::container::small_vector<Slot, 1> slots;         // in the order of the send; one recipient needs no heap

  std::size_t asked() const noexcept;
};

// The answer to a send. `verdicts`: one for each recipient that was asked about, in their order. `ttl` is the smallest that
// was granted, or the one asked for where nobody accepted. Allocates only where somebody is refused.
wire::Sent answer_to(const Placement& placement, std::span<const mailbox::Verdict> verdicts);
// The same where nothing was asked: every undecided recipient gets `verdict`.
wire::Sent answer_to_all(const Placement& placement, const mailbox::Verdict& verdict);

}  // namespace lethe::session
