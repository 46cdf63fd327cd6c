"""What becomes of a message that was sent: ttl 0, idempotence, topics, urgency."""
import time

from kit.check import check, demand_equal
from kit.keys import ANONYMOUS


@check("send.ttl_0.delivered", "to a connected device now, or `offline`")
def ttl_0_delivered(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    answer = alice.send(bob.device, b"now", ttl=0)
    demand_equal((answer["accepted"], answer["ttl"]), (1, 0), "accepted and ttl")
    demand_equal(bob.expect_delivery(answer["id"])["redelivered"], False, "redelivered")


@check("send.ttl_0.not_redelivered", "Never redelivered")
def ttl_0_not_redelivered(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    bob.expect_delivery(alice.deliverable(bob.device, ttl=0))
    lab.leave(bob)
    demand_equal(lab.join(bob.device).backlog, [], "the backlog of the next session")


@check("send.ttl_0.behind_window", "Behind a full window it waits 10 s at most, and no longer than that session.")
def ttl_0_behind_window(lab):
    alice, bob = lab.join(), lab.open_mailbox(window=1)
    first = alice.deliverable(bob.device)
    seq = bob.expect_delivery(first)["seq"]
    waiting = alice.deliverable(bob.device, ttl=0)
    bob.quiet("the window is full")
    bob.ack(up_to=seq)
    bob.expect_delivery(waiting)


@check("send.ttl_0.waits_10_s", "Behind a full window it waits 10 s at most")
def ttl_0_waits_10_s(lab):
    alice, bob = lab.join(), lab.open_mailbox(window=1)
    seq = bob.expect_delivery(alice.deliverable(bob.device))["seq"]
    alice.deliverable(bob.device, ttl=0)
    bob.quiet("the window is full", 12)
    bob.ack(up_to=seq)
    later = alice.deliverable(bob.device)
    bob.expect_delivery(later)


@check("send.ttl_0.not_held_over", "not held over for a session that has yet to begin")
def ttl_0_not_held_over(lab):
    alice, bob = lab.join(), lab.open_mailbox(window=1)
    first = alice.deliverable(bob.device)
    bob.expect_delivery(first)
    alice.deliverable(bob.device, ttl=0)
    lab.leave(bob)
    demand_equal([entry["id"] for entry in lab.join(bob.device).backlog], [first], "the backlog of the next session")


@check("idempotence.queued", "the same `id` to the same mailbox again is `accepted` and stored once")
def same_id_queued(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    lab.leave(bob)
    ident = alice.deliverable(bob.device, b"once")
    alice.deliverable(bob.device, b"once", id=ident)
    demand_equal([entry["id"] for entry in lab.join(bob.device).backlog], [ident], "the backlog")


@check("idempotence.acknowledged", "while the first is queued and for 10 minutes after its acknowledgement")
def same_id_acknowledged(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    ident = alice.deliverable(bob.device)
    bob.ack(up_to=bob.expect_delivery(ident)["seq"])
    bob.settle()
    alice.deliverable(bob.device, id=ident)
    later = alice.deliverable(bob.device)
    bob.expect_delivery(later)


@check("idempotence.other_mailbox", "the same `id` to the same mailbox again")
def same_id_other_mailbox(lab):
    alice, bob, carol = lab.join(), lab.open_mailbox(), lab.open_mailbox()
    ident = alice.deliverable(bob.device)
    alice.deliverable(carol.device, id=ident)
    carol.expect_delivery(ident)


@check("idempotence.before_rate", "It is recognised before the invite's rate and any room are looked at.")
def before_rate(lab):
    alice, bob = lab.join(), lab.join()
    invite = bob.device.invite(rate=1)
    ident = alice.deliverable((bob.device, invite))
    for _ in range(3):
        alice.deliverable((bob.device, invite), id=ident)
    demand_equal(alice.refusal((bob.device, invite)), "rate_limited", "the code for another message")


@check("idempotence.expired", "One that expired is new again.")
def expired_is_new(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    lab.leave(bob)
    ident = alice.deliverable(bob.device, ttl=1)
    time.sleep(2.2)
    alice.deliverable(bob.device, id=ident, ttl=60)
    demand_equal([entry["id"] for entry in lab.join(bob.device).backlog], [ident], "the backlog")


@check("topic.replaces", "replaces a not yet delivered message of the same topic and sender in that mailbox")
def topic_replaces(lab):
    alice, carol, bob = lab.join(), lab.join(), lab.open_mailbox()
    lab.leave(bob)
    alice.deliverable(bob.device, b"old", topic="state")
    kept = [alice.deliverable(bob.device, b"other topic", topic="other"),
            carol.deliverable(bob.device, b"other sender", topic="state"),
            alice.deliverable(bob.device, b"no topic"), alice.deliverable(bob.device, b"new", topic="state")]
    demand_equal(sorted(entry["id"] for entry in lab.join(bob.device).backlog), sorted(kept), "the ids left")


@check("topic.in_flight", "A message in flight is not replaced.")
def topic_in_flight(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    first = alice.deliverable(bob.device, topic="state")
    bob.expect_delivery(first)
    second = alice.deliverable(bob.device, topic="state")
    bob.expect_delivery(second)
    lab.leave(bob)
    demand_equal([entry["id"] for entry in lab.join(bob.device).backlog], [first, second], "the backlog of the next session")


@check("topic.anonymous", "The sender is the device, or in an anonymous session the invite.")
def topic_anonymous(lab):
    bob = lab.join()
    one, two = bob.device.invite(ANONYMOUS), bob.device.invite(ANONYMOUS)
    lab.leave(bob)
    guests = [lab.connect() for _ in range(3)]
    guests[0].deliverable((bob.device, one), topic="state")
    kept = [guests[1].deliverable((bob.device, two), topic="state"), guests[2].deliverable((bob.device, one), topic="state")]
    demand_equal(sorted(entry["id"] for entry in lab.join(bob.device).backlog), sorted(kept), "the ids left")


@check("topic.form", "(1–32 of `A–Z a–z 0–9 - _`)")
def topic_form(lab):
    alice = lab.join()
    alice.deliverable(alice.device, topic="ABCxyz-_0123456789ABCDEFGHIJKLMN")
    alice.expect_delivery()
    for topic in ("x" * 33, "a b", "a.b", "\x00"):
        message = alice.send_message(alice.device, topic=topic)
        alice.put(message)
        alice.expect_refused_and_going_on("malformed", message["id"])


@check("urgency.min_urgency", "what is less urgent stays queued, and follows when the bar is lowered")
def min_urgency(lab):
    alice, bob = lab.join(), lab.open_mailbox(min_urgency="normal")
    idents = {urgency: alice.deliverable(bob.device, urgency=urgency) for urgency in ("very-low", "low", "normal", "high")}
    for urgency in ("normal", "high"):
        bob.expect_delivery(idents[urgency])
    bob.quiet("what is left is less urgent than normal")
    for bar in ("low", "very-low"):
        bob.put({"type": "mailbox", "min_urgency": bar})
        bob.expect_delivery(idents[bar])


@check("urgency.order", "Otherwise order is order of acceptance.")
def urgency_order(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    lab.leave(bob)
    idents = [alice.deliverable(bob.device, urgency=urgency) for urgency in ("low", "high", "very-low", "normal", "high")]
    demand_equal([entry["id"] for entry in lab.join(bob.device).backlog], idents, "the ids of the backlog")
