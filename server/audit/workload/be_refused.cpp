// Messages that the relay does not take: without an invite, with a wrong or an old one, to a device that is away and must be there,
// beyond an invite's rate, into a full mailbox, into a relay short of memory.
#include <stdexcept>

#include "audit/workload/stages.hpp"

namespace lethe::audit {
namespace {

void expect_refused(Play& play, Client& sender, const peer::Mail& mail) {
  if (sender.post(mail) != 0) throw std::runtime_error{"a message that had to be refused was accepted"};
  play.ledger.withdrawn(mail.id, mail.to.front().device);
}

void refused_for_its_invite(Play& play, Client& sender, const Device& away) {
  const Device stranger = play.cast.device();
  peer::InviteFields old;
  old.expires = 1;
  for (const std::size_t size : play.cast.sizes()) {
    peer::Mail mail = play.cast.mail(away, size);
    mail.to.front().invite.reset();
    expect_refused(play, sender, mail);
    mail.to.front().invite = stranger.invite;
    expect_refused(play, sender, mail);
    mail.to.front().invite = peer::make_invite(away.key, old);
    expect_refused(play, sender, mail);
    mail.to.front().invite = away.invite;
    mail.ttl = 0;
    expect_refused(play, sender, mail);
  }
}

void refused_for_its_rate(Play& play, Client& sender, const Device& away) {
  peer::InviteFields fields;
  fields.rate = 1;
  fields.label = {8, 7, 6, 5, 4, 3, 2, 1};
  peer::Mail first = play.cast.plain_mail(away, 10);
  first.to.front().invite = peer::make_invite(away.key, fields);
  sender.post(first);
  peer::Mail second = play.cast.mail(away, 9'000);
  second.to.front().invite = first.to.front().invite;
  expect_refused(play, sender, second);
}

// Plain messages until the relay takes no more of this urgency, then one with canaries. Nothing where it takes them all: its limits
// are somebody else's.
void refused_for_room(Play& play, Client& sender, const Device& away, std::size_t size, const char* urgency) {
  constexpr int most = 700;
  for (int sent = 0; sent < most; ++sent) {
    peer::Mail mail = play.cast.plain_mail(away, size);
    mail.urgency = urgency;
    if (sender.post(mail) != 0) continue;
    play.ledger.withdrawn(mail.id, away.address());
    mail = play.cast.mail(away, size);
    mail.urgency = urgency;
    return expect_refused(play, sender, mail);
  }
}

void collect_plain(Play& play, const Device& device) {
  Client reader = play.cast.enter(device);
  reader.await("caught_up");
  reader.settle();
  play.keep(std::move(reader));
}

}  // namespace

void be_refused(Play& play) {
  const Device away = play.cast.device();
  Client sender = play.cast.enter(play.cast.device());
  Client other = play.cast.enter(play.cast.device(), play.cast.other_encoding());
  refused_for_its_invite(play, sender, away);
  refused_for_its_invite(play, other, away);
  refused_for_its_rate(play, sender, away);
  // The relay's memory first: several senders, each within its share of a mailbox.
  const Device second = play.cast.device();
  refused_for_room(play, sender, away, play.cast.payload_limit(), "very-low");
  refused_for_room(play, other, second, play.cast.payload_limit(), "very-low");
  collect_plain(play, away);
  collect_plain(play, second);
  const Device third = play.cast.device();
  refused_for_room(play, sender, third, 100, "normal");
  collect_plain(play, third);
  play.keep(std::move(sender));
  play.keep(std::move(other));
}

}  // namespace lethe::audit
