"""Invites, and the settings of a mailbox that judge them."""
import os
import time

from kit.check import Skipped, check, demand, demand_equal
from kit.encoding import to_text
from kit.keys import ANONYMOUS, THIS_EPOCH_ONLY, Device

JSON = ("json",)


def demand_refused(session, recipient, invite, why, code="not_invited"):
    demand_equal(session.refusal((recipient.device if hasattr(recipient, "device") else recipient, invite)), code,
                 f"the code for {why}")


@check("invites.valid", "to `senders: anyone`, every authenticated device; else whoever has a valid invite")
def valid(lab):
    alice, bob = lab.join(), lab.join()
    demand_refused(alice, bob, None, "no invite")
    bob.expect_delivery(alice.deliverable((bob.device, bob.device.invite())))
    bob.expect_delivery(alice.deliverable((bob.device, bob.device.invite(ANONYMOUS))))


@check("invites.default_senders", "`invited` (at first): only who has an invite", JSON)
def default_senders(lab):
    alice, bob = lab.join(), lab.join()
    demand_refused(alice, bob, None, "a mailbox that never said who may send")
    bob.settings(senders="anyone")
    bob.expect_delivery(alice.deliverable(bob.device))
    bob.settings(senders="invited")
    demand_refused(alice, bob, None, "a mailbox that closed again")


@check("invites.version", "version, 1", JSON)
def version(lab):
    alice, bob = lab.join(), lab.join()
    for number in (0, 2, 255):
        demand_refused(alice, bob, bob.device.invite(version=number), f"an invite of version {number}")


@check("invites.flags", "bit 1 valid only while the relay knows the mailbox in this epoch; others 0", JSON)
def flags(lab):
    alice, bob = lab.join(), lab.join()
    for bit in range(2, 8):
        demand_refused(alice, bob, bob.device.invite(1 << bit), f"an invite with flag bit {bit}")


@check("invites.every_bit_signed", "Ed25519 by the recipient's key over `\"lethe/v1/invite\" 00` and the 28 bytes before",
       JSON)
def every_byte_signed(lab):
    alice, bob = lab.join(), lab.join()
    for at in (2, 5, 6, 13, 14, 17, 18, 19, 20, 27, 28, 59, 60, 91):
        invite = bytearray(bob.device.invite(ANONYMOUS, max_ttl=1000, rate=9))
        invite[at] ^= 1
        answer = alice.send((bob.device, bytes(invite)))
        demand_equal([refusal["code"] for refusal in answer["refused"]], ["not_invited"],
                     f"the refusals for an invite changed at byte {at}")


@check("invites.prefix", "Ed25519 by the recipient's key over `\"lethe/v1/invite\" 00` and the 28 bytes before", JSON)
def prefix(lab):
    alice, bob = lab.join(), lab.join()
    head = bob.device.invite()[:28]
    demand_refused(alice, bob, head + bob.device.key.sign(head), "a signature without the prefix")
    demand_refused(alice, bob, head + bob.device.key.sign(b"lethe/v1/auth\0" + head), "a signature under the prefix of auth")


@check("invites.unseen_mailbox", "A mailbox that the relay has not seen in this epoch takes a valid invite only.")
def unseen(lab):
    alice, bob = lab.join(), Device()
    demand_refused(alice, bob, None, "an unseen mailbox without an invite")
    demand_refused(alice, bob, bob.invite(THIS_EPOCH_ONLY), "an unseen mailbox and flag bit 1")
    ident = alice.deliverable((bob, bob.invite()))
    demand_equal([entry["id"] for entry in lab.join(bob).backlog], [ident], "the backlog of its first session")


@check("invites.this_epoch_only", "bit 1 valid only while the relay knows the mailbox in this epoch")
def this_epoch_only(lab):
    alice, bob = lab.join(), lab.join()
    bob.expect_delivery(alice.deliverable((bob.device, bob.device.invite(THIS_EPOCH_ONLY))))
    lab.leave(bob)
    alice.deliverable((bob.device, bob.device.invite(THIS_EPOCH_ONLY)))


@check("invites.anonymous", "bit 0 usable by anonymous sessions")
def anonymous(lab):
    bob, guest = lab.join(), lab.connect()
    bob.expect_delivery(guest.deliverable((bob.device, bob.device.invite(ANONYMOUS))))
    bob.expect_delivery(guest.deliverable((bob.device, bob.device.invite(ANONYMOUS | THIS_EPOCH_ONLY))))
    demand_refused(guest, bob, bob.device.invite(THIS_EPOCH_ONLY), "an invite without flag bit 0")


@check("invites.expired", "Unix seconds: void from the start of that second")
def expired(lab):
    alice, bob = lab.join(), lab.join()
    now = lab.connect().hello["time"] // 1000
    demand_refused(alice, bob, bob.device.invite(expires=now), "an invite that ends this second", "invite_expired")
    demand_refused(alice, bob, bob.device.invite(expires=0), "an invite of long ago", "invite_expired")
    demand_refused(lab.connect(), bob, bob.device.invite(ANONYMOUS, expires=now), "an anonymous one", "invite_expired")
    alice.deliverable((bob.device, bob.device.invite(expires=now + 60)))
    alice.deliverable((bob.device, bob.device.invite(expires=2**63)))


@check("invites.expires_while_in_use", "void from the start of that second")
def expires_in_use(lab):
    alice, bob = lab.join(), lab.join()
    invite = bob.device.invite(expires=alice.hello["time"] // 1000 + 3)
    bob.expect_delivery(alice.deliverable((bob.device, invite)))
    time.sleep(3.2)
    demand_refused(alice, bob, invite, "an invite that was good 3 s ago", "invite_expired")


@check("invites.expired_but_open", "the invite's own time is over, and nothing else let the message in")
def expired_but_open(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    bob.expect_delivery(alice.deliverable((bob.device, bob.device.invite(expires=1))))


@check("invites.invalid_but_open", "An authenticated sender whose invite is not valid is judged as if it had none.")
def invalid_but_open(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    bob.expect_delivery(alice.deliverable((bob.device, Device().invite())))
    bob.expect_delivery(alice.deliverable((bob.device, bob.device.invite(version=2))))


@check("invites.generation", "invites of a lower one are void")
def generation(lab):
    alice, bob = lab.join(), lab.join(generation=5)
    demand_refused(alice, bob, bob.device.invite(generation=4), "an invite of the generation before")
    for number in (5, 6, 2**32 - 1):
        bob.expect_delivery(alice.deliverable((bob.device, bob.device.invite(generation=number))))


@check("invites.generation.live", "both reach live sessions at once")
def generation_live(lab):
    alice, bob = lab.join(), lab.join()
    invite = bob.device.invite(ANONYMOUS)
    guest = lab.connect()
    for session in (alice, guest):
        bob.expect_delivery(session.deliverable((bob.device, invite)))
    bob.settings(generation=1)
    for session in (alice, guest):
        demand_refused(session, bob, invite, "an invite that was good before")


@check("invites.generation.never_down", "it never goes down, a smaller number changes nothing")
def generation_never_down(lab):
    alice, bob = lab.join(), lab.join(generation=5)
    bob.settings(generation=2)
    demand_refused(alice, bob, bob.device.invite(generation=4), "an invite of generation 4")
    lab.leave(bob)
    again = lab.join(bob.device, generation=3)
    demand_refused(alice, again, again.device.invite(generation=4), "an invite of generation 4, after an auth that said 3")


@check("invites.revoked", "at most 256 labels of void invites; replaces the list")
def revoked(lab):
    alice, bob = lab.join(), lab.join()
    one, two = os.urandom(8), os.urandom(8)
    invites = {label: bob.device.invite(label=label) for label in (one, two)}
    for invite in invites.values():
        bob.expect_delivery(alice.deliverable((bob.device, invite)))
    bob.settings(revoked=[to_text(one)])
    demand_refused(alice, bob, invites[one], "a revoked label")
    bob.expect_delivery(alice.deliverable((bob.device, invites[two])))
    bob.settings(revoked=[to_text(two)])
    demand_refused(alice, bob, invites[two], "a revoked label")
    bob.expect_delivery(alice.deliverable((bob.device, invites[one])))


@check("invites.revoked.most", "at most 256 labels of void invites", JSON)
def revoked_most(lab):
    bob = lab.join()
    labels = [to_text(number.to_bytes(8, "big")) for number in range(257)]
    bob.put({"type": "mailbox", "revoked": labels})
    bob.expect_refused_and_going_on("malformed")
    bob.settings(revoked=labels[:256])
    demand_refused(lab.join(), bob, bob.device.invite(label=(255).to_bytes(8, "big")), "the last of 256 labels")


@check("invites.max_ttl", "by an invite's `max_ttl` too")
def max_ttl(lab):
    alice, bob = lab.join(), lab.join()
    invite = bob.device.invite(max_ttl=60)
    for asked, granted in ((3600, 60), (60, 60), (30, 30), (0, 0)):
        demand_equal(alice.send((bob.device, invite), ttl=asked)["ttl"], granted,
                     f"the ttl granted where {asked} was asked for")
        bob.expect_delivery()


@check("invites.rate", "the invite's messages an hour are used up")
def rate(lab):
    alice, bob = lab.join(), lab.join()
    invite = bob.device.invite(ANONYMOUS, rate=3)
    guest = lab.connect()
    for session in (alice, guest, alice):
        bob.expect_delivery(session.deliverable((bob.device, invite)))
    for session in (alice, guest):
        demand_refused(session, bob, invite, "the fourth message of an invite with the rate 3", "rate_limited")


@check("invites.length", "A known field of the wrong form is `malformed`", JSON)
def length(lab):
    alice, bob = lab.join(), lab.join()
    for size in (0, 1, 91, 93):
        message = alice.send_message(bob.device)
        message["to"][0]["invite"] = to_text(bytes(size))
        alice.put(message)
        alice.expect_refused_and_going_on("malformed", message["id"])


@check("settings.at_once", "with any field of `auth.mailbox` changes them at once")
def at_once(lab):
    alice, bob = lab.join(), lab.join()
    bob.settings(senders="anyone", window=1)
    first, second = alice.deliverable(bob.device), alice.deliverable(bob.device)
    bob.expect_delivery(first)
    bob.quiet("the window is 1")
    bob.put({"type": "mailbox", "window": 2})
    bob.expect_delivery(second)


@check("settings.wrong", "A known field of the wrong form is `malformed`", JSON)
def wrong(lab):
    bob = lab.join()
    for field, value in (("senders", "friends"), ("generation", -1), ("generation", 2**32), ("revoked", "all"),
                         ("revoked", ["AAAA"]),
                         ("window", 0), ("window", -1), ("min_urgency", "urgent"), ("min_urgency", None)):
        bob.put({"type": "mailbox", field: value})
        bob.expect_refused_and_going_on("malformed")


@check("settings.kept", "14 days after the device left")
def kept(lab):
    alice, bob = lab.join(), lab.open_mailbox(generation=3)
    lab.leave(bob)
    alice.deliverable(bob.device)
    again = lab.join(bob.device)
    demand_refused(lab.connect(), again, again.device.invite(ANONYMOUS, generation=2),
                   "an invite of generation 2, where 3 was announced in a session before")
    demand(len(again.backlog) == 1, "the message to the open mailbox is not there")


@check("invites.verifications", "too much from this session; `retry_after`", ("binary",), alone=True, order=21)
def verifications(lab):
    alice, bob = lab.join(), lab.join()
    for _ in range(100 * lab.options.budget):
        message = alice.send_message((bob.device, bob.device.invite()))
        alice.put(message)
        answer = alice.next()
        if answer["type"] == "error":
            demand_equal(answer["code"], "rate_limited", "the code where too many unknown invites came")
            return
    raise Skipped("the session's rate of invites was not reached (--budget)")
