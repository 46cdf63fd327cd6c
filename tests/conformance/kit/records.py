"""Binary records and the JSON messages that mean the same, both ways."""
import struct

from .encoding import from_text, to_text

URGENCIES = ("very-low", "low", "normal", "high")
REFUSALS = {1: "not_invited", 2: "invite_expired", 3: "mailbox_full", 4: "relay_full", 5: "offline", 6: "rate_limited",
            7: "duplicate_recipient"}
STATUSES = {1: "delivered", 2: "expired", 3: "displaced", 4: "evicted"}
IN_RECORDS = ("send", "ack", "sent", "deliver", "receipt")


class BadRecord(Exception):
    """Bytes that are no records; its text says why."""


class Reader:
    def __init__(self, source):
        self.rest = source

    def take(self, count):
        if count > len(self.rest):
            raise BadRecord("a record is too short for its fields")
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def number(self, form):
        return struct.unpack(">" + form, self.take(struct.calcsize(">" + form)))[0]


def framed(body):
    return struct.pack(">I", len(body)) + body


def split(message):
    """The bodies of the records of one WebSocket message."""
    reader, bodies = Reader(message), []
    while reader.rest:
        length = reader.number("I")
        if length < 1:
            raise BadRecord("a record of length 0")
        bodies.append(reader.take(length))
    if not bodies:
        raise BadRecord("a binary message without a record")
    return bodies


def encode(message):
    """One record, its length first, of a JSON message. A send's ttl has to be there."""
    return framed(_ENCODERS[message["type"]](message))


def decode(body):
    """The JSON message of one record's body."""
    reader = Reader(body)
    kind = reader.number("B")
    if kind not in _DECODERS:
        raise BadRecord(f"the record kind {kind:02x}")
    message = _DECODERS[kind](reader)
    if reader.rest:
        raise BadRecord("a record is longer than its fields")
    return message


def _encode_send(message):
    flags = int(message.get("receipt", False)) | URGENCIES.index(message.get("urgency", "normal")) << 1
    topic = message.get("topic", "").encode()
    body = struct.pack(">BB", 1, flags) + from_text(message["id"]) + struct.pack(">IB", message["ttl"], len(topic)) + topic
    body += struct.pack(">H", len(message["to"]))
    for recipient in message["to"]:
        invite = from_text(recipient.get("invite", ""))
        body += from_text(recipient["device"]) + bytes([len(invite)]) + invite
    return body + from_text(message["payload"])


def _encode_ack(message):
    seqs = message.get("seqs", [])
    return struct.pack(f">BQH{len(seqs)}Q", 2, message.get("up_to", 0), len(seqs), *seqs)


def _encode_sent(message):
    refused = message["refused"]
    body = b"\x81" + from_text(message["id"]) + struct.pack(">IHH", message["ttl"], message["accepted"], len(refused))
    for refusal in refused:
        number = next(number for number, code in REFUSALS.items() if code == refusal["code"])
        body += from_text(refusal["device"]) + struct.pack(">BH", number, refusal.get("retry_after", 0))
    return body


def _encode_deliver(message):
    return struct.pack(">BBQ", 0x82, int(message["redelivered"]), message["seq"]) + from_text(message["id"]) + struct.pack(
        ">QQ", message["received"], message["expires"]) + from_text(message["payload"])


def _encode_receipt(message):
    number = next(number for number, status in STATUSES.items() if status == message["status"])
    return struct.pack(">BQ", 0x83,
                       message["seq"]) + from_text(message["id"]) + from_text(message["device"]) + bytes([number])


def _decode_send(reader):
    flags = reader.number("B")
    if flags & ~7:
        raise BadRecord("unknown flags of a send")
    message = {"type": "send", "id": to_text(reader.take(16)), "ttl": reader.number("I"), "receipt": bool(flags & 1),
               "urgency": URGENCIES[flags >> 1 & 3]}
    topic = reader.take(reader.number("B")).decode("ascii")
    if topic:
        message["topic"] = topic
    message["to"] = []
    for _ in range(reader.number("H")):
        recipient = {"device": to_text(reader.take(32))}
        invite = reader.take(reader.number("B"))
        if invite:
            recipient["invite"] = to_text(invite)
        message["to"].append(recipient)
    message["payload"] = to_text(reader.take(len(reader.rest)))
    return message


def _decode_ack(reader):
    up_to = reader.number("Q")
    seqs = [reader.number("Q") for _ in range(reader.number("H"))]
    return {"type": "ack"} | ({"up_to": up_to} if up_to else {}) | ({"seqs": seqs} if seqs else {})


def _decode_sent(reader):
    message = {"type": "sent", "id": to_text(reader.take(16)), "ttl": reader.number("I"), "accepted": reader.number("H"),
               "refused": []}
    for _ in range(reader.number("H")):
        device, number, wait = to_text(reader.take(32)), reader.number("B"), reader.number("H")
        if number not in REFUSALS:
            raise BadRecord(f"the refusal code {number}")
        message["refused"].append({"device": device, "code": REFUSALS[number]} | ({"retry_after": wait} if wait else {}))
    return message


def _decode_deliver(reader):
    flags = reader.number("B")
    if flags & ~1:
        raise BadRecord("unknown flags of a deliver")
    return {"type": "deliver", "redelivered": bool(flags), "seq": reader.number("Q"), "id": to_text(reader.take(16)),
            "received": reader.number("Q"), "expires": reader.number("Q"), "payload": to_text(reader.take(len(reader.rest)))}


def _decode_receipt(reader):
    message = {"type": "receipt", "seq": reader.number("Q"), "id": to_text(reader.take(16)),
               "device": to_text(reader.take(32))}
    number = reader.number("B")
    if number not in STATUSES:
        raise BadRecord(f"the status {number} of a receipt")
    return message | {"status": STATUSES[number]}


_ENCODERS = {"send": _encode_send, "ack": _encode_ack, "sent": _encode_sent, "deliver": _encode_deliver,
             "receipt": _encode_receipt}
_DECODERS = {0x01: _decode_send, 0x02: _decode_ack, 0x81: _decode_sent, 0x82: _decode_deliver, 0x83: _decode_receipt}
