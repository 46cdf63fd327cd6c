"""Binary records: what the encoding alone can get wrong."""
import struct

from kit import records
from kit.check import check, demand_equal
from kit.keys import Device
from kit.session import new_id

BINARY = ("binary",)


def body_of(session, device=None, **fields):
    """A send's body, its id and where in it the recipients' invite length stands."""
    message = session.send_message(device or session.device, b"payload", **fields)
    return bytearray(records.encode(message)[4:]), message["id"]


@check("binary.batch", "A binary WebSocket message is one or more records", BINARY)
def batch(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    messages = [alice.send_message(bob.device, bytes([number])) for number in range(20)]
    alice.put_binary(b"".join(records.encode(message) for message in messages))
    for message in messages:
        alice.expect_sent(message)
    seqs = [bob.expect_delivery(message["id"])["seq"] for message in messages]
    bob.put_binary(b"".join(records.encode({"type": "ack", "seqs": [seq]}) for seq in seqs))
    bob.settle()
    lab.leave(bob)
    demand_equal(lab.join(bob.device).backlog, [], "the backlog after a batch of acknowledgements")


@check("binary.large_batch", "Both sides put whatever is ready into one message, up to 64 KiB or one record.", BINARY)
def large_batch(lab):
    alice, bob = lab.join(), lab.open_mailbox()
    lab.leave(bob)
    size = min(3000, alice.limits["payload"])
    messages = [alice.send_message(bob.device, bytes(size)) for _ in range(60)]
    for at in range(0, 60, 20):
        alice.put_binary(b"".join(records.encode(message) for message in messages[at:at + 20]))
    for message in messages:
        alice.expect_sent(message)
    again = lab.join(bob.device)   # what comes in batches is looked at by the session
    demand_equal([entry["id"] for entry in again.backlog], [message["id"] for message in messages], "the backlog")


def ends(lab, content):
    session = lab.join()
    session.put_binary(content(session))
    session.expect_end(1002, "protocol", error="malformed")


ENDS = "A length that doesn't fit the message, and a record too short for its fields or (ack) longer than them, end the session."


@check("binary.length.zero", "each a `u32` length (at least 1)", BINARY)
def length_zero(lab):
    ends(lab, lambda session: bytes(4))


@check("binary.length.beyond", ENDS, BINARY)
def length_beyond(lab):
    ends(lab, lambda session: struct.pack(">I", 12) + b"\x02" + bytes(10))
    ends(lab, lambda session: b"\xff\xff\xff\xff\x02" + bytes(10))


@check("binary.length.cut", ENDS, BINARY)
def length_cut(lab):
    for count in (1, 2, 3):
        ends(lab, lambda session: bytes(count))
        ends(lab, lambda session: records.encode({"type": "ack", "up_to": 1}) + bytes(count))


@check("binary.send.too_short", ENDS, BINARY)
def send_too_short(lab):
    for size in (1, 2, 17, 18, 21, 22, 23, 24, 55, 56):
        ends(lab, lambda session: records.framed(bytes(body_of(session)[0][:size])))


@check("binary.ack.too_short", ENDS, BINARY)
def ack_too_short(lab):
    for body in (b"\x02", b"\x02" + bytes(9), struct.pack(">BQH", 2, 0, 1), struct.pack(">BQHQ", 2, 0, 2, 1)):
        ends(lab, lambda session: records.framed(body))


@check("binary.ack.too_long", ENDS, BINARY)
def ack_too_long(lab):
    for body in (struct.pack(">BQHB", 2, 0, 0, 0), struct.pack(">BQHQQ", 2, 0, 1, 1, 2)):
        ends(lab, lambda session: records.framed(body))


def refused_alone(lab, change, code="malformed", with_id=True):
    """The changed record gets an error; a good one after it in the same message is carried out."""
    alice = lab.join()
    body, ident = body_of(alice)
    body = change(body) or body
    good = alice.send_message(Device())
    alice.put_binary(records.framed(bytes(body)) + records.encode(good))
    alice.expect_error(code, ident if with_id else None)
    alice.expect_sent(good)
    alice.settle()


ALONE = "Everything else refuses that record alone, and the rest of the message is decoded."


@check("binary.alone.flags", "(bit 0 receipt, bits 1–2 urgency 0 … 3, others 0)", BINARY)
def alone_flags(lab):
    for bit in range(3, 8):
        def change(body):
            body[1] |= 1 << bit
        refused_alone(lab, change)


@check("binary.alone.kind", "unknown `type` or record kind, or the wrong encoding for it", BINARY)
def alone_kind(lab):
    for kind in (0x00, 0x03, 0x7f, 0x80, 0x81, 0x82, 0x83, 0xff):
        refused_alone(lab, lambda body: bytes([kind]) + body[1:], "unsupported", with_id=False)


@check("binary.alone.invite_length", "invite length u8 (0 or 92)", BINARY)
def alone_invite_length(lab):
    for length in (1, 91, 93, 255):
        def change(body):
            return body[:57] + bytes([length]) + bytes(length) + body[58:]
        refused_alone(lab, change)


@check("binary.alone.no_recipients", ALONE, BINARY)
def alone_no_recipients(lab):
    refused_alone(lab, lambda body: body[:23] + bytes(2) + b"payload")


@check("binary.alone.topic", ALONE, BINARY)
def alone_topic(lab):
    for topic in (b" ", b"\xff\xfe", b"a\0b", b"x" * 33, b"x" * 255):
        refused_alone(lab, lambda body: body[:22] + bytes([len(topic)]) + topic + body[23:])


@check("binary.alone.too_large", ALONE, BINARY)
def alone_too_large(lab):
    refused_alone(lab, lambda body: body + bytes(lab.connect().limits["payload"]), "too_large")


@check("binary.alone.too_many_recipients", ALONE, BINARY)
def alone_too_many(lab):
    count = lab.connect().limits["recipients"] + 1
    one = Device().address + b"\0"
    refused_alone(lab, lambda body: body[:23] + struct.pack(">H", count) + one * count, "too_many_recipients")


@check("binary.ttl_said", "In a record the ttl is always said; there is no default.", BINARY)
def ttl_said(lab):
    alice = lab.join()
    answer = alice.send(alice.device, ttl=0)
    demand_equal((answer["accepted"], answer["ttl"]), (1, 0), "accepted and ttl of a record with the ttl 0")
    alice.expect_delivery(answer["id"])


@check("binary.ack.many", "count u16, that many seq u64", BINARY)
def ack_many(lab):
    bob = lab.join()
    seqs = []
    for _ in range(5):
        bob.deliverable(bob.device)
        seqs.append(bob.expect_delivery()["seq"])
    bob.ack(up_to=seqs[0], seqs=[*range(10**6, 10**6 + 1000), *seqs[1:]])
    bob.settle()
    lab.leave(bob)
    demand_equal(lab.join(bob.device).ready["queued"], 0, "queued")


@check("binary.mixed_sessions", "everything else is the same text message as in a JSON session", BINARY)
def mixed(lab):
    from kit.lab import Lab
    other = Lab(lab.options, "json")
    try:
        alice, bob = lab.join(), other.open_mailbox()
        ident = alice.deliverable(bob.device, b"\0\xff", topic="t", urgency="high", receipt=True, id=new_id())
        delivery = bob.expect_delivery(ident)
        demand_equal(delivery["payload"], "AP8", "the payload that a JSON session got from a binary one")
        bob.ack(seqs=[delivery["seq"]])
        demand_equal(alice.expect("receipt")["id"], ident, "the receipt's id")
    finally:
        other.end()
