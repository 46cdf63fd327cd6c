"""Receipts and recall."""
from kit.check import check, demand, demand_equal
from kit.keys import ANONYMOUS, Device


def receipt_of(session, ident, recipient, status):
    receipt = session.expect("receipt")
    demand_equal((receipt["id"], receipt["device"], receipt["status"]), (ident, recipient.text, status),
                 "the receipt's id, device and status")
    return receipt


@check("receipt.delivered", "for authenticated sends with `receipt: true`, one for each recipient that accepted")
def receipt_delivered(lab):
    alice, bob, carol = lab.join(), lab.open_mailbox(), lab.open_mailbox()
    ident = alice.deliverable([bob.device, carol.device], receipt=True)
    for session in (bob, carol):
        session.ack(up_to=session.expect_delivery(ident)["seq"])
        session.settle()
        receipt_of(alice, ident, session.device, "delivered")


@check("receipt.not_before_ack", "`\"status\":\"delivered\"}`, also `expired`, `displaced`".replace("`\"", "\"", 1))
def receipt_not_before_ack(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    ident = alice.deliverable(bob.device, receipt=True)
    seq = bob.expect_delivery(ident)["seq"]
    alice.quiet("the message is not acknowledged yet")
    bob.ack(seqs=[seq])
    receipt_of(alice, ident, bob.device, "delivered")


@check("receipt.unasked", "for authenticated sends with `receipt: true`")
def receipt_unasked(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    alice.deliverable(bob.device, receipt=False)
    asked = alice.deliverable(bob.device, receipt=True)
    bob.expect_delivery()
    bob.ack(up_to=bob.expect_delivery()["seq"])
    receipt_of(alice, asked, bob.device, "delivered")
    alice.quiet("one receipt was asked for")


@check("receipt.expired", "also `expired`, `displaced`, `evicted`")
def receipt_expired(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    lab.leave(bob)
    ident = alice.deliverable(bob.device, ttl=1, receipt=True)
    receipt_of(alice, ident, bob.device, "expired")


@check("receipt.displaced", "also `expired`, `displaced`, `evicted`")
def receipt_displaced(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    lab.leave(bob)
    ident = alice.deliverable(bob.device, topic="t", receipt=True)
    alice.put(alice.send_message(bob.device, topic="t"))
    answers = sorted((alice.next() for _ in range(2)), key=lambda answer: answer["type"])
    demand_equal([answer["type"] for answer in answers], ["receipt", "sent"], "what came after a message was replaced")
    demand_equal((answers[0]["id"], answers[0]["status"]), (ident, "displaced"), "the receipt's id and status")


@check("receipt.anonymous", "anonymous sends get none, whatever they ask")
def receipt_anonymous(lab):
    bob, guest = lab.join(), lab.connect()
    guest.deliverable((bob.device, bob.device.invite(ANONYMOUS)), receipt=True)
    bob.ack(up_to=bob.expect_delivery()["seq"])
    bob.settle()
    guest.quiet("the session is anonymous")


@check("receipt.refused", "one for each recipient that accepted")
def receipt_refused(lab):
    alice = lab.join()
    alice.send(Device(), receipt=True)
    alice.quiet("nobody accepted")


@check("receipt.like_a_message", "ordered, acknowledged and redelivered like a message")
def receipt_like_a_message(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    own = alice.deliverable(alice.device)
    alice.expect_delivery(own)
    ident = alice.deliverable(bob.device, receipt=True)
    bob.ack(up_to=bob.expect_delivery()["seq"])
    receipt = receipt_of(alice, ident, bob.device, "delivered")
    lab.leave(alice)
    again = lab.join(alice.device)
    demand_equal([(entry["type"], entry["id"]) for entry in again.backlog], [("deliver", own), ("receipt", ident)],
                 "the backlog")
    again.ack(seqs=[again.backlog[1]["seq"]])
    again.settle()
    lab.leave(again)
    demand_equal([entry["id"] for entry in lab.join(alice.device).backlog], [own],
                 "the backlog after the receipt was acknowledged")
    demand(receipt["seq"] >= 2, "the receipt's seq is not one of the mailbox's numbers")


@check("receipt.while_away", "A receipt is an entry of the sender's mailbox")
def receipt_while_away(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    ident = alice.deliverable(bob.device, receipt=True)
    lab.leave(alice)
    bob.ack(up_to=bob.expect_delivery()["seq"])
    bob.settle()
    demand_equal([(entry["type"], entry["id"], entry["status"]) for entry in lab.join(alice.device).backlog],
                 [("receipt", ident, "delivered")], "the backlog")


@check("receipt.urgency", "with the urgency of the message that it speaks of")
def receipt_urgency(lab):
    alice, bob = lab.join(min_urgency="high"), lab.open_mailbox()
    low = alice.deliverable(bob.device, receipt=True, urgency="low")
    high = alice.deliverable(bob.device, receipt=True, urgency="high")
    bob.expect_delivery(low)
    bob.ack(up_to=bob.expect_delivery(high)["seq"])
    bob.settle()
    receipt_of(alice, high, bob.device, "delivered")
    alice.quiet("the other receipt is less urgent than high")
    alice.put({"type": "mailbox", "min_urgency": "very-low"})
    receipt_of(alice, low, bob.device, "delivered")


@check("receipt.recalled", "A recalled message gets no receipt.")
def receipt_recalled(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    lab.leave(bob)
    demand_equal(recall(alice, alice.deliverable(bob.device, receipt=True), bob.device), "wiped", "the answer to the recall")
    alice.quiet("the message was recalled")


def recall(session, ident, device):
    session.put({"type": "recall", "id": ident, "device": device.text})
    answer = session.expect("recalled")
    demand_equal((answer["id"], answer["device"]), (ident, device.text), "the id and device in recalled")
    return answer["status"]


@check("recall.wiped", "\"status\":\"wiped\"}`")
def recall_wiped(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    lab.leave(bob)
    ident, kept = alice.deliverable(bob.device), alice.deliverable(bob.device)
    demand_equal(recall(alice, ident, bob.device), "wiped", "the answer to the recall")
    demand_equal(recall(alice, ident, bob.device), "unknown", "the answer to the same recall again")
    demand_equal([entry["id"] for entry in lab.join(bob.device).backlog], [kept], "the backlog")


@check("recall.in_flight", "`in_flight`: it is still delivered")
def recall_in_flight(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    ident = alice.deliverable(bob.device)
    bob.expect_delivery(ident)
    demand_equal(recall(alice, ident, bob.device), "in_flight", "the answer to the recall")
    bob.settle()


@check("recall.unknown", "`unknown`: nothing of yours is there")
def recall_unknown(lab):
    alice, carol, bob = lab.join(), lab.join(), lab.open_mailbox()
    lab.leave(bob)
    ident = alice.deliverable(bob.device)
    demand_equal(recall(carol, ident, bob.device), "unknown", "the answer to another device's recall")
    demand_equal(recall(alice, ident, Device()), "unknown", "the answer to a recall at another mailbox")
    demand_equal([entry["id"] for entry in lab.join(bob.device).backlog], [ident], "the backlog")


@check("recall.acknowledged", "`unknown`: nothing of yours is there")
def recall_acknowledged(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    ident = alice.deliverable(bob.device)
    bob.ack(up_to=bob.expect_delivery(ident)["seq"])
    bob.settle()
    demand_equal(recall(alice, ident, bob.device), "unknown", "the answer to the recall")


@check("recall.next_session", "by the device that sent it, or by an anonymous session")
def recall_next_session(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    lab.leave(bob)
    ident = alice.deliverable(bob.device)
    lab.leave(alice)
    demand_equal(recall(lab.join(alice.device), ident, bob.device), "wiped", "the answer to the recall")


@check("recall.anonymous", "or by an anonymous session that has itself sent with the same invite")
def recall_anonymous(lab):
    bob = lab.join()
    lab.leave(bob)
    invite, another = bob.device.invite(ANONYMOUS), bob.device.invite(ANONYMOUS)
    guest, stranger, twin = lab.connect(), lab.connect(), lab.connect()
    idents = [guest.deliverable((bob.device, invite)) for _ in range(2)]
    stranger.deliverable((bob.device, another))
    twin.deliverable((bob.device, invite))
    demand_equal(recall(stranger, idents[0], bob.device), "unknown", "the answer to a session with another invite")
    demand_equal(recall(lab.join(), idents[0], bob.device), "unknown", "the answer to an authenticated session")
    demand_equal(recall(guest, idents[0], bob.device), "wiped", "the answer to the session that sent it")
    demand_equal(recall(twin, idents[1], bob.device), "wiped", "the answer to another session with the same invite")


@check("recall.wrong", "a decodable message with a wrong or missing field")
def recall_wrong(lab):
    alice = lab.join()
    for message in ({"id": "A" * 22}, {"device": alice.device.text}, {"id": "short", "device": alice.device.text},
                    {"id": "A" * 22, "device": 7}):
        alice.put({"type": "recall"} | message)
        alice.expect_refused_and_going_on("malformed")
