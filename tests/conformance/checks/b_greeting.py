"""The greeting: hello, auth, ready, anonymous sessions, takeover."""
import os
import re
import time

from kit.check import check, demand, demand_equal
from kit.encoding import to_text
from kit.keys import ANONYMOUS, FORGED, SMALL_ORDER_KEYS, Device, with_larger_scalar

JSON = ("json",)
LIMITS = ("payload", "recipients", "ttl", "window", "window_bytes", "idle")


def whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


@check("hello.fields", "The relay speaks first:")
def hello_fields(lab):
    hello = lab.connect().hello
    demand(re.fullmatch(r"[A-Za-z0-9_-]{43}", hello["nonce"]), "the nonce is not 32 bytes in base64url")
    demand(whole(hello["time"]) and abs(hello["time"] / 1000 - time.time()) < 86400,
           "the time is not today's in Unix milliseconds")
    for limit in LIMITS:
        demand(whole(hello["limits"].get(limit)) and hello["limits"][limit] > 0,
               f"limits.{limit} is no whole number above 0")


@check("hello.relay", "A client hangs up where `relay` is not the name that it dialled.", JSON)
def hello_relay(lab):
    demand_equal(lab.connect().hello["relay"].lower(), lab.target.host.lower(), "the relay's name in hello")


@check("hello.epoch", "Epochs are 16 hex digits.", JSON)
def hello_epoch(lab):
    first, second = lab.connect(), lab.connect()
    demand(re.fullmatch(r"[0-9a-f]{16}", first.epoch), "the epoch is not 16 hex digits")
    demand_equal(second.epoch, first.epoch, "the epoch of a second connection")


@check("hello.nonce", "a nonce is good for one try", JSON)
def hello_nonce(lab):
    demand(lab.connect().nonce != lab.connect().nonce, "two connections got the same nonce")


@check("auth.least", "Only `device` and `signature` are required.")
def auth_least(lab):
    session, device = lab.connect(), Device()
    ready = session.authenticate(device)
    demand_equal(ready["device"], device.text, "the device in ready")
    demand_equal(ready["epoch"], session.epoch, "the epoch in ready")
    demand_equal((ready["queued"], ready["queued_bytes"]), (0, 0), "what is queued for a new device")
    demand_equal(ready["missed"], {"expired": 0, "displaced": 0, "recalled": 0}, "what a new device missed")


def bound(lab):
    sock = lab.target.connect_for_exporter()
    return lab.connect(sock), sock.exporter()


@check("auth.bound", "where the exporter stands only with `\"binding\":\"tls-exporter\"`")
def auth_bound(lab):
    session, exporter = bound(lab)
    device = Device()
    signature = device.sign_auth(lab.target.host, session.nonce, exporter)
    session.authenticate(device, signature=signature, binding="tls-exporter")


@check("auth.bound.of_another_connection", "of this very connection")
def auth_bound_elsewhere(lab):
    session, _ = bound(lab)
    _, other = bound(lab)
    device = Device()
    signature = device.sign_auth(lab.target.host, session.nonce, other)
    session.put(session.auth_message(device, signature, binding="tls-exporter"))
    session.expect_end(4001, "unauthenticated", error="unauthenticated")


@check("auth.bound.but_unsaid", "where the exporter stands only with `\"binding\":\"tls-exporter\"`", JSON)
def auth_bound_unsaid(lab):
    session, exporter = bound(lab)
    device = Device()
    session.put(session.auth_message(device, device.sign_auth(lab.target.host, session.nonce, exporter)))
    session.expect_end(4001, "unauthenticated", error="unauthenticated")


@check("auth.bound.but_unsigned", "where the exporter stands only with `\"binding\":\"tls-exporter\"`", JSON)
def auth_bound_unsigned(lab):
    session = lab.connect()
    session.put(session.auth_message(Device(), binding="tls-exporter"))
    session.expect_end(4001, "unauthenticated", error="unauthenticated")


def refused_auth(lab, sign, device=None):
    session, device = lab.connect(), device or Device()
    session.put(session.auth_message(device, sign(device, session)))
    session.expect_end(4001, "unauthenticated", error="unauthenticated")


REFUSED = "An `auth` that fails ends the session (`unauthenticated`"


@check("auth.wrong.signature", REFUSED)
def wrong_signature(lab):
    refused_auth(lab, lambda device, session: os.urandom(64))


@check("auth.wrong.key", REFUSED, JSON)
def wrong_key(lab):
    refused_auth(lab, lambda device, session: Device().sign_auth(lab.target.host, session.nonce))


@check("auth.wrong.relay", "\"lethe/v1/auth\" 00 relay-name 00 nonce(32) [exporter(32)]", JSON)
def wrong_relay(lab):
    refused_auth(lab, lambda device, session: device.sign_auth("elsewhere.invalid", session.nonce))


@check("auth.wrong.nonce", "\"lethe/v1/auth\" 00 relay-name 00 nonce(32) [exporter(32)]", JSON)
def wrong_nonce(lab):
    other = lab.connect().nonce
    refused_auth(lab, lambda device, session: device.sign_auth(lab.target.host, other))


@check("auth.wrong.prefix", "\"lethe/v1/auth\" 00 relay-name 00 nonce(32) [exporter(32)]", JSON)
def wrong_prefix(lab):
    refused_auth(lab, lambda device, session: device.key.sign(b"lethe/v1/auth" + lab.target.host.encode() + session.nonce))


@check("auth.wrong.small_order", "Keys of small order, non-canonical keys and non-canonical signatures are refused.", JSON)
def small_order(lab):
    for name, key in SMALL_ORDER_KEYS.items():
        session = lab.connect()
        session.put({"type": "auth", "device": to_text(bytes.fromhex(key)), "signature": to_text(FORGED)})
        answer = session.next()
        demand_equal(answer["type"], "error", f"the answer to an auth with a small-order key ({name})")
        demand(answer["code"] in ("unauthenticated", "malformed"),
               f"an auth with a small-order key ({name}) got {answer['code']}")


@check("auth.wrong.larger_scalar", "non-canonical signatures are refused", JSON)
def larger_scalar(lab):
    refused_auth(lab, lambda device, session: with_larger_scalar(device.sign_auth(lab.target.host, session.nonce)))


@check("auth.malformed_is_no_try", "A malformed `auth`, which was not tried, does not use it up.")
def malformed_is_no_try(lab):
    session, device = lab.connect(), Device()
    good = session.auth_message(device)
    for field, value in (("signature", good["signature"][:-1]), ("device", "AAAA"), ("signature", None),
                         ("binding", "tls-unique"),
                         ("epoch", "0011"), ("mailbox", {"window": "many"})):
        session.put(good | {field: value})
        session.expect_error("malformed")
    session.authenticate(device)


@check("auth.twice", "not for this session", JSON)
def auth_twice(lab):
    session = lab.join()
    session.put(session.auth_message(Device()))
    session.expect_refused_and_going_on("forbidden")


@check("ready.queued", "`queued` counts messages and receipts.")
def ready_queued(lab):
    bob = lab.open_mailbox()
    alice = lab.join()
    alice.deliverable(bob.device, b"for the receipt", receipt=True)
    bob.ack(up_to=bob.expect_delivery()["seq"])
    bob.settle()
    alice.expect("receipt")
    alice.deliverable(alice.device, b"12345")
    alice.expect_delivery()
    lab.leave(alice)
    again = lab.join(alice.device)
    demand_equal((again.ready["queued"], again.ready["queued_bytes"]), (2, 5), "queued and queued_bytes")


@check("ready.missed", "`missed` counts what left the mailbox unacknowledged since the device's previous session")
def ready_missed(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    lab.leave(bob)
    alice.deliverable(bob.device, ttl=1)
    alice.deliverable(bob.device, b"old", topic="t")
    alice.deliverable(bob.device, b"new", topic="t")
    recalled = alice.deliverable(bob.device)
    alice.put({"type": "recall", "id": recalled, "device": bob.device.text})
    demand_equal(alice.expect("recalled")["status"], "wiped", "the answer to the recall")
    time.sleep(2.2)
    again = lab.join(bob.device)
    demand_equal([entry["payload"] for entry in again.backlog], [to_text(b"new")], "the payloads of the backlog")
    # Whether what was replaced by its topic counts as displaced, the page leaves open.
    missed = again.ready["missed"]
    demand_equal((missed["expired"], missed["recalled"]), (1, 1), "missed.expired and missed.recalled")
    again.ack(up_to=again.backlog[-1]["seq"])
    again.settle()
    lab.leave(again)
    demand_equal(lab.join(bob.device).ready["missed"], {"expired": 0, "displaced": 0, "recalled": 0},
                 "what was missed since then")


@check("ready.continuous", "`continuous` is false where the client named another epoch", JSON)
def ready_continuous(lab):
    for epoch, wanted in ((None, True), (lab.connect().epoch, True), ("00112233445566aa", False)):
        ready = lab.connect().authenticate(Device(), **({"epoch": epoch} if epoch else {}))
        demand_equal(ready["continuous"], wanted, f"continuous for the epoch {epoch or '(none)'}")


@check("caught_up", "`caught_up` also comes where there was no backlog.")
def caught_up(lab):
    session = lab.connect()
    session.authenticate(Device())
    demand_equal(session.expect("caught_up")["epoch"], session.epoch, "the epoch in caught_up")
    session.settle()


@check("caught_up.after_backlog",
       "Then come the backlog, once `{\"type\":\"caught_up\",\"epoch\":…}`, and what arrives from then on.")
def caught_up_after_backlog(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    lab.leave(bob)
    idents = [alice.deliverable(bob.device, bytes([number])) for number in range(5)]
    again = lab.join(bob.device)
    demand_equal([entry["id"] for entry in again.backlog], idents, "the ids of the backlog")
    later = alice.deliverable(bob.device)
    again.expect_delivery(later)


@check("anonymous.later_auth", "a later `auth`, `ack` or `mailbox` gets `forbidden`")
def anonymous_later_auth(lab):
    bob = lab.join()
    guest = lab.connect()
    guest.deliverable((bob.device, bob.device.invite(ANONYMOUS)), b"x")
    bob.expect_delivery()
    for message in (guest.auth_message(Device()), {"type": "ack", "up_to": 1}, {"type": "mailbox", "window": 1}):
        guest.put(message)
        guest.expect_refused_and_going_on("forbidden")


@check("anonymous.by_silence", "or that says nothing within the 10 s, stays anonymous for the whole session")
def anonymous_by_silence(lab):
    bob = lab.join()
    guest = lab.connect()
    guest.quiet("nobody said anything", 11.5)
    guest.put(guest.auth_message(Device()))
    guest.expect_error("forbidden")
    guest.deliverable((bob.device, bob.device.invite(ANONYMOUS)))


@check("anonymous.invite_needed", "It needs an anonymous invite for each recipient.")
def anonymous_invite_needed(lab):
    bob = lab.open_mailbox()
    guest = lab.connect()
    demand_equal(guest.refusal(bob.device), "not_invited", "the code for an anonymous send without an invite")
    demand_equal(guest.refusal((bob.device, bob.device.invite())), "not_invited",
                 "the code for an invite without flag bit 0")
    guest.deliverable((bob.device, bob.device.invite(ANONYMOUS)))


@check("greeting.ping_first", "`ping` is answered before that as well.")
def ping_first(lab):
    session = lab.connect()
    session.settle()
    session.authenticate(Device())


@check("greeting.too_early", "before `auth`, before the first send and within the 10 s end the session as `unauthenticated`")
def too_early(lab):
    for message in ({"type": "ack", "up_to": 1}, {"type": "recall", "id": "A" * 22, "device": Device().text},
                    {"type": "mailbox", "window": 1}):
        session = lab.connect()
        session.put(message)
        session.expect_end(4001, "unauthenticated", error="unauthenticated")


@check("takeover", "a second one takes it over, and the older gets `closing` with `replaced`, close 4002")
def takeover(lab):
    old = lab.open_mailbox()
    ident = old.deliverable(old.device, b"x")
    old.expect_delivery(ident)
    new = lab.join(old.device)
    demand_equal([(entry["id"], entry["redelivered"]) for entry in new.backlog], [(ident, True)],
                 "what the new session got first")
    old.expect_end(4002, "replaced")
    new.settle()
