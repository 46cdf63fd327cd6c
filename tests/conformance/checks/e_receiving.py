"""Receiving: deliver, ack, windows, redelivery, expiry."""
import time

from kit.check import Skipped, check, demand, demand_equal
from kit.encoding import to_text
from kit.keys import ANONYMOUS

JSON = ("json",)


@check("deliver.fields", "\"received\":1700000000000,\"expires\":1700604800000,\"redelivered\":false")
def deliver_fields(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    ident = alice.deliverable(bob.device, b"payload", ttl=100)
    delivery = bob.expect_delivery(ident)
    demand(set(delivery) >= {"type", "seq", "id", "received", "expires", "redelivered", "payload"},
           f"deliver lacks a field: {sorted(delivery)}")
    demand_equal(delivery["expires"] - delivery["received"], 100_000, "expires less received, in ms")
    demand(abs(delivery["received"] - bob.hello["time"]) < 60_000, "received is not now in Unix milliseconds")
    demand_equal((delivery["redelivered"], delivery["payload"]), (False, to_text(b"payload")), "redelivered and payload")


@check("deliver.no_sender", "The relay doesn't tell who sent it: that belongs inside the payload.", JSON)
def deliver_no_sender(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    alice.deliverable(bob.device)
    delivery = bob.expect_delivery()
    demand(alice.device.text not in str(delivery), "deliver holds the sender's address")


@check("deliver.seq", "`seq` rises by mailbox within an epoch, from 1.")
def deliver_seq(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    seqs = []
    for _ in range(3):
        alice.deliverable(bob.device)
        seqs.append(bob.expect_delivery()["seq"])
    bob.ack(up_to=seqs[-1])
    bob.settle()
    lab.leave(bob)
    alice.deliverable(bob.device)
    seqs.append(lab.join(bob.device).backlog[0]["seq"])
    demand_equal(seqs[0], 1, "the first seq of a mailbox")
    demand(all(one < next for one, next in zip(seqs, seqs[1:])), f"seq does not rise: {seqs}")


@check("deliver.order", "Otherwise order is order of acceptance.")
def deliver_order(lab):
    senders, bob = [lab.join(), lab.join(), lab.connect()], lab.open_mailbox()
    invite = bob.device.invite(ANONYMOUS)
    idents = [senders[number % 3].deliverable((bob.device, invite), bytes([number])) for number in range(12)]
    demand_equal([bob.expect_delivery()["id"] for _ in idents], idents, "the order of delivery")


@check("window.messages", "At most `window` messages and `window_bytes` are unacknowledged in flight")
def window_messages(lab):
    alice, bob = lab.join(), lab.open_mailbox(window=3)
    idents = [alice.deliverable(bob.device) for _ in range(6)]
    seqs = [bob.expect_delivery(ident)["seq"] for ident in idents[:3]]
    bob.quiet("three are in flight, and the window is 3")
    bob.ack(seqs=[seqs[1]])
    bob.expect_delivery(idents[3])
    bob.quiet("three are in flight again")
    bob.ack(up_to=seqs[2])
    for ident in idents[4:]:
        bob.expect_delivery(ident)


@check("window.bytes", "At most `window` messages and `window_bytes` are unacknowledged in flight", ("binary",))
def window_bytes(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    size, room = bob.limits["payload"], bob.limits["window_bytes"]
    fit = room // size
    if fit * size > 4 << 20 or fit >= bob.limits["window"]:
        raise Skipped("window_bytes is too large to fill")
    idents = [alice.deliverable(bob.device, bytes(size), ttl=60) for _ in range(fit + 1)]
    seqs = [bob.expect_delivery(ident)["seq"] for ident in idents[:fit]]
    bob.quiet("window_bytes are in flight")
    bob.ack(seqs=seqs[:1])
    bob.expect_delivery(idents[-1])


@check("window.capped", "messages in flight, at least 1, capped by the relay's")
def window_capped(lab):
    alice, bob = lab.join(), lab.open_mailbox(window=65535)
    room = bob.limits["window"]
    if room > 2000:
        raise Skipped("the relay's window is too large to fill")
    for _ in range(room + 1):
        alice.deliverable(bob.device, ttl=60)
    for _ in range(room):
        bob.expect_delivery()
    bob.quiet("limits.window messages are in flight")


@check("ack.up_to", "`{\"type\":\"ack\",\"up_to\":7}` or `{\"type\":\"ack\",\"seqs\":[5,7]}` or both")
def ack_up_to(lab):
    left_after_ack(lab, 5, lambda bob, seqs: bob.ack(up_to=seqs[2]), [3, 4])


@check("ack.seqs", "`{\"type\":\"ack\",\"up_to\":7}` or `{\"type\":\"ack\",\"seqs\":[5,7]}` or both")
def ack_seqs(lab):
    left_after_ack(lab, 5, lambda bob, seqs: bob.ack(seqs=[seqs[3], seqs[1]]), [0, 2, 4])


@check("ack.both", "`{\"type\":\"ack\",\"up_to\":7}` or `{\"type\":\"ack\",\"seqs\":[5,7]}` or both")
def ack_both(lab):
    left_after_ack(lab, 5, lambda bob, seqs: bob.ack(up_to=seqs[1], seqs=[seqs[3]]), [2, 4])


@check("ack.unknown", "unknown numbers are harmless")
def ack_unknown(lab):
    left_after_ack(lab, 2, lambda bob, seqs: bob.ack(seqs=[10**6, 2**53 - 1, seqs[0], seqs[0]]), [1])


def left_after_ack(lab, count, acknowledge, left):
    """Of `count` messages delivered, those at the places `left` are still there after the acknowledgement."""
    alice, bob = lab.join(), lab.open_mailbox()
    idents = [alice.deliverable(bob.device) for _ in range(count)]
    seqs = [bob.expect_delivery(ident)["seq"] for ident in idents]
    acknowledge(bob, seqs)
    bob.settle()
    lab.leave(bob)
    again = lab.join(bob.device)
    demand_equal([idents.index(entry["id"]) for entry in again.backlog], left, "the places of the messages that are left")
    demand_equal(again.ready["queued"], len(left), "queued")


@check("ack.only_what_was_delivered", "`up_to` covers what this session was delivered")
def ack_only_delivered(lab):
    alice, bob = lab.join(), lab.open_mailbox(window=1)
    first, second, third = (alice.deliverable(bob.device) for _ in range(3))
    bob.expect_delivery(first)
    bob.ack(up_to=10**6)
    bob.expect_delivery(second)
    bob.ack(up_to=10**6)
    bob.expect_delivery(third)


@check("ack.no_answer", "There is no answer.")
def ack_no_answer(lab):
    bob = lab.join()
    for _ in range(3):
        bob.deliverable(bob.device)
        bob.ack(up_to=bob.expect_delivery()["seq"])
        bob.settle()


@check("redelivery", "comes first in the next one, with `redelivered: true`")
def redelivery(lab):
    alice, bob = lab.join(), lab.open_mailbox(window=2)
    idents = [alice.deliverable(bob.device, bytes([number])) for number in range(4)]
    seqs = [bob.expect_delivery(ident)["seq"] for ident in idents[:2]]
    lab.leave(bob)
    again = lab.join(bob.device, window=10)
    demand_equal([entry["id"] for entry in again.backlog], idents, "the ids of the backlog")
    demand_equal([entry["redelivered"] for entry in again.backlog], [True, True, False, False], "redelivered")
    demand(all(one < next for one, next in zip([entry["seq"] for entry in again.backlog],
                                               [entry["seq"] for entry in again.backlog][1:])), "seq does not rise")
    demand(seqs[0] <= again.backlog[0]["seq"], "seq went down over a session")
    demand_equal(again.backlog[0]["payload"], to_text(bytes([0])), "the payload of the message delivered again")


@check("redelivery.after_cut", "What was unacknowledged when a session ended comes first in the next one")
def redelivery_after_cut(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    ident = alice.deliverable(bob.device)
    bob.expect_delivery(ident)
    bob.link.drop()
    demand_equal([(entry["id"], entry["redelivered"]) for entry in lab.join(bob.device).backlog], [(ident, True)],
                 "the backlog after a cut connection")


@check("expiry", "Nothing expired is ever delivered.")
def expiry(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    lab.leave(bob)
    alice.deliverable(bob.device, ttl=1)
    kept = alice.deliverable(bob.device, ttl=60)
    time.sleep(2.2)
    demand_equal([entry["id"] for entry in lab.join(bob.device).backlog], [kept], "the backlog")


@check("expiry.behind_window", "Nothing expired is ever delivered.")
def expiry_behind_window(lab):
    alice, bob = lab.join(), lab.open_mailbox(window=1)
    seq = bob.expect_delivery(alice.deliverable(bob.device))["seq"]
    alice.deliverable(bob.device, ttl=1)
    kept = alice.deliverable(bob.device)
    time.sleep(2.2)
    bob.ack(up_to=seq)
    bob.expect_delivery(kept)
