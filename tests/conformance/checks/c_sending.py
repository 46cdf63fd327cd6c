"""Sending: sent, and its refusals."""
from kit.check import Skipped, check, demand, demand_equal
from kit.encoding import to_text
from kit.keys import Device

JSON = ("json",)
WEEK = 604800


@check("send.sent", "`accepted` means: held in memory until acknowledged or expired.")
def sent(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    answer = alice.send(bob.device, b"hello", ttl=60)
    demand_equal({name: answer[name] for name in ("accepted", "ttl", "refused")}, {"accepted": 1, "ttl": 60, "refused": []},
                 "sent")
    demand_equal(bob.expect_delivery(answer["id"])["payload"], to_text(b"hello"), "the payload delivered")
    bob.settle()


@check("send.to_oneself", "an authenticated device needs no invite for its own mailbox")
def to_oneself(lab):
    alice = lab.join()
    alice.expect_delivery(alice.deliverable(alice.device))


@check("send.default_ttl", "default 7 days, longest `limits.ttl`", JSON)
def default_ttl(lab):
    alice = lab.join()
    demand_equal(alice.send(alice.device)["ttl"], min(WEEK, alice.limits["ttl"]), "the ttl of a send that names none")


@check("send.longest_ttl", "longer ones are shortened")
def longest_ttl(lab):
    alice = lab.join()
    answer = alice.send(alice.device, ttl=2**32 - 1)
    demand_equal(answer["ttl"], alice.limits["ttl"], "the ttl granted")
    delivery = alice.expect_delivery()
    demand_equal(delivery["expires"] - delivery["received"], alice.limits["ttl"] * 1000, "the life of the message, in ms")


@check("send.smallest_ttl", "`ttl` is the smallest one granted")
def smallest_ttl(lab):
    alice, bob, carol = lab.join(), lab.join(), lab.open_mailbox()
    answer = alice.send([(carol.device, None), (bob.device, bob.device.invite(max_ttl=60))], ttl=3600)
    demand_equal((answer["accepted"], answer["ttl"]), (2, 60), "accepted and ttl")
    for session, ttl in ((bob, 60), (carol, 3600)):
        delivery = session.expect_delivery()
        demand_equal(delivery["expires"] - delivery["received"], ttl * 1000, "the life of a message, in ms")


@check("send.ttl_where_nobody_accepted", "or the one asked for where nobody accepted")
def ttl_where_nobody_accepted(lab):
    answer = lab.join().send(Device(), ttl=1234)
    demand_equal((answer["accepted"], answer["ttl"]), (0, 1234), "accepted and ttl")


@check("send.payload.empty", "`payload` (0 to `limits.payload` bytes)")
def empty_payload(lab):
    alice = lab.join()
    demand_equal(alice.expect_delivery(alice.deliverable(alice.device, b""))["payload"], "", "the payload")


@check("send.payload.largest", "`payload` (0 to `limits.payload` bytes)")
def largest_payload(lab):
    alice = lab.join()
    payload = bytes(number * 7 & 255 for number in range(alice.limits["payload"]))
    delivery = alice.expect_delivery(alice.deliverable(alice.device, payload))
    demand(delivery["payload"] == to_text(payload), "the payload came back changed")


@check("send.payload.too_large", "the send's payload or recipients")
def too_large(lab):
    alice = lab.join()
    message = alice.send_message(alice.device, bytes(alice.limits["payload"] + 1))
    alice.put(message)
    alice.expect_refused_and_going_on("too_large", message["id"])


@check("send.recipients.too_many", "the send's payload or recipients")
def too_many_recipients(lab):
    alice = lab.join()
    message = alice.send_message([Device() for _ in range(alice.limits["recipients"] + 1)])
    alice.put(message)
    alice.expect_refused_and_going_on("too_many_recipients", message["id"])


@check("send.recipients.most", "`to` (1 to `limits.recipients`)")
def most_recipients(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    strangers = [Device() for _ in range(alice.limits["recipients"] - 1)]
    answer = alice.send([*strangers, bob.device])
    demand_equal((answer["accepted"], len(answer["refused"])), (1, len(strangers)), "accepted and the number refused")
    bob.expect_delivery(answer["id"])


@check("send.recipients.none", "Required: `id`, `to` (1 to `limits.recipients`)")
def no_recipients(lab):
    alice = lab.join()
    message = alice.send_message([])
    alice.put(message)
    alice.expect_refused_and_going_on("malformed", message["id"])


@check("send.required", "Required: `id`, `to` (1 to `limits.recipients`), `payload`", JSON)
def required(lab):
    alice = lab.join()
    for field in ("id", "to", "payload"):
        message = alice.send_message(alice.device)
        del message[field]
        alice.put(message)
        alice.expect_refused_and_going_on("malformed", message.get("id"))


@check("send.each_recipient_alone", "Each recipient is decided alone.")
def each_alone(lab):
    alice, bob, carol = lab.join(), lab.open_mailbox(), lab.join()
    stranger = Device()
    answer = alice.send([stranger, bob.device, (carol.device, carol.device.invite(expires=1)), bob.device], b"x")
    demand_equal(answer["accepted"], 1, "the number of recipients that accepted")
    found = {(refusal["device"], refusal["code"]) for refusal in answer["refused"]}
    demand_equal(found, {(stranger.text, "not_invited"), (carol.device.text, "invite_expired"),
                         (bob.device.text, "duplicate_recipient")}, "the refusals")
    bob.expect_delivery(answer["id"])


@check("refused.duplicate_recipient", "named before in the same send; the first one counts")
def duplicate_recipient(lab):
    alice, bob = lab.join(), lab.join()
    invite = bob.device.invite()
    answer = alice.send([(bob.device, invite), (bob.device, None), (bob.device, invite)])
    demand_equal(answer["accepted"], 1, "the number of recipients that accepted")
    demand_equal([refusal["code"] for refusal in answer["refused"]], ["duplicate_recipient"] * 2, "the refusals")
    answer = alice.send([(bob.device, None), (bob.device, invite)])
    demand_equal([refusal["code"] for refusal in answer["refused"]], ["not_invited", "duplicate_recipient"],
                 "the refusals where the first has no invite")


@check("refused.not_invited.alike", "no valid invite, revoked, or unknown mailbox: these are told alike")
def told_alike(lab):
    alice, bob = lab.join(), lab.join(revoked=[to_text(b"revoked!")])
    unknown = Device()
    forged = bytearray(bob.device.invite())
    forged[-1] ^= 1
    of_another = Device().invite()
    cases = {"no invite": (bob.device, None), "a forged one": (bob.device, bytes(forged)),
             "another's": (bob.device, of_another),
             "a revoked one": (bob.device, bob.device.invite(label=b"revoked!")), "an unknown mailbox": (unknown, None),
             "an unknown mailbox, forged": (unknown, of_another)}
    for name, pair in cases.items():
        answer = alice.send(pair)
        wanted = [{"device": pair[0].text, "code": "not_invited"}]
        demand_equal((answer["accepted"], answer["refused"]), (0, wanted), f"the answer for {name}")


@check("refused.offline", "`ttl` 0 and no session of the recipient")
def offline(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    lab.leave(bob)
    demand_equal(alice.refusal(bob.device, ttl=0), "offline", "the code")


@check("refused.mailbox_full", "the mailbox, or this sender's share of it (a quarter), is full", ("binary",), alone=True)
def mailbox_full(lab):
    alice, bob, carol = lab.join(), lab.open_mailbox(), lab.join()
    lab.leave(bob)
    payload = bytes(alice.limits["payload"])
    for _ in range((lab.options.budget << 20) // len(payload)):
        answer = alice.send(bob.device, payload, ttl=60)
        if answer["refused"]:
            demand_equal(answer["refused"][0]["code"], "mailbox_full", "the code where a sender's share is used up")
            carol.deliverable(bob.device, payload, ttl=60)
            return
    raise Skipped(f"{lab.options.budget} MiB did not fill a mailbox (--budget)")


@check("refused.relay_full", "the relay is short of memory for this urgency", ("binary",), alone=True, order=10)
def relay_full(lab):
    alice = lab.join()
    payload = bytes(alice.limits["payload"])
    absent = absentee()
    for _ in range((lab.options.budget << 20) // len(payload)):
        code = code_of(alice.send(absent, payload, ttl=30, urgency="very-low"))
        if code == "mailbox_full":
            absent = absentee()
        elif code:
            demand_equal(code, "relay_full", "the code where much is stored")
            demand_equal(code_of(alice.send(absentee(), payload, ttl=30, urgency="high")), None,
                         "the code for high, where very-low got relay_full")
            return
    raise Skipped(f"{lab.options.budget} MiB did not fill the relay (--budget)")


def absentee():
    device = Device()
    return device, device.invite()


def code_of(sent):
    return sent["refused"][0]["code"] if sent["refused"] else None


@check("send.rate_limited", "`rate_limited` (this session sends too much; `retry_after`)", ("binary",), alone=True, order=20)
def send_rate_limited(lab):
    alice = lab.join()
    stranger = Device()
    for _ in range(100 * lab.options.budget):
        message = alice.send_message(stranger)
        alice.put(message)
        answer = alice.next()
        if answer["type"] == "error":
            demand_equal((answer["code"], answer.get("id")), ("rate_limited", message["id"]), "the error's code and id")
            demand(answer.get("retry_after", 0) >= 1, "the error has no retry_after")
            alice.settle()
            return
    raise Skipped("the session's rate was not reached (--budget)")
