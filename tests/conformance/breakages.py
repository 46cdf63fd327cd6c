"""Ways to break a relay, and the checks and cases that must fail then."""
import json
import struct

from proxy import Broken

CONT, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
BREAKAGES = []   # (what, a subclass of Broken, names)


def breaks(what, *names):
    def register(broken):
        BREAKAGES.append((what, broken, names))
        return broken
    return register


def said(change, *names, what):
    """Breaks the relay's JSON messages: `change` gets one and returns it, several, or none."""
    class Said(Broken):
        def to_client(self, frame):
            if frame.opcode != TEXT or not frame.fin:
                return [frame]
            changed = change(json.loads(frame.payload))
            messages = changed if isinstance(changed, list) else [changed]
            return [frame.but(payload=json.dumps(message).encode()) for message in messages]
    BREAKAGES.append((what, Said, names))


def heard(change, *names, what):
    """Breaks the client's JSON messages before the relay gets them; `change` may return None to drop one."""
    class Heard(Broken):
        def to_relay(self, frame):
            if frame.opcode != TEXT or not frame.fin:
                return [frame]
            try:
                changed = change(json.loads(frame.payload))
            except ValueError:
                return [frame]
            return [] if changed is None else [frame.but(payload=json.dumps(changed).encode())]
    BREAKAGES.append((what, Heard, names))


def of(kind, **changed):
    """Changes fields of one type of message."""
    return lambda message: message | changed if message.get("type") == kind else message


def apply(kind, function):
    def change(message):
        return function(message) if message.get("type") == kind else message
    return change


def without(kind, *fields):
    return apply(kind, lambda message: {name: value for name, value in message.items() if name not in fields})


# The protocol: what the relay says.
said(apply("deliver", lambda message: [message, message]), "send.sent [json]", "ack.no_answer [json]",
     what="every delivery comes twice")
said(apply("caught_up", lambda message: []), "caught_up [json]", what="caught_up never comes")
said(of("ready", continuous=True), "ready.continuous", what="continuous is always true")
said(of("ready", queued=0), "ready.queued [json]", "ack.seqs [json]", what="queued is always 0")
said(of("ready", missed={"expired": 0, "displaced": 0, "recalled": 0}), "ready.missed [json]", what="nothing is ever missed")
said(apply("sent", lambda message: message | {"refused": [refusal | {"code": "offline"} for refusal in message["refused"]]}),
     "refused.not_invited.alike [json]", "invites.expired [json]", "invites.rate [json]",
     "refused.duplicate_recipient [json]", what="every refusal is «offline»")
said(apply("sent", lambda message: message | {"ttl": message["ttl"] + 1}), "send.sent [json]", "send.default_ttl",
     "send.smallest_ttl [json]", "invites.max_ttl [json]",
     what="a ttl is a second too long")
said(apply("sent", lambda message: message | {"accepted": message["accepted"] + 1}), "send.sent [json]",
     what="one recipient too many accepted")
said(without("closing", "retry_after"), "takeover [json]", "errors.not_an_object [json]", what="closing has no retry_after")
said(apply("closing", lambda message: []), "takeover [binary]", what="closing is not said")
said(of("deliver", redelivered=False), "redelivery [json]", what="redelivered is always false")
said(of("deliver", payload="AAAA"), "send.payload.largest [json]", "send.sent [json]", what="payloads are changed")
said(apply("deliver", lambda message: message | {"seq": message["seq"] + 1}), "deliver.seq [json]", what="seq begins with 2")
said(apply("deliver", lambda message: message | {"expires": message["expires"] + 1000}), "deliver.fields [json]",
     "send.longest_ttl [json]", what="a message lives a second longer")
said(of("recalled", status="wiped"), "recall.in_flight [json]", "recall.unknown [json]",
     what="everything recalled is «wiped»")
said(of("receipt", status="delivered"), "receipt.expired [json]", "receipt.displaced [json]",
     what="every receipt says «delivered»")
said(of("receipt", status="expired"), "receipt.delivered [json]", what="every receipt says «expired»")
said(without("pong", "time"), "ping [json]", what="a pong has no time")
said(of("hello", epoch="00112233445566AA"), "hello.epoch", what="the epoch is in capitals")
said(of("hello", relay="elsewhere.invalid"), "hello.relay", what="the relay has another name")
said(apply("hello", lambda message: message | {"limits": message["limits"] |
                                               {"payload": message["limits"]["payload"] - 1}}),
                                               "send.payload.too_large [json]",
     "page.fields", what="hello says another limit than holds")
said(of("error", code="malformed"), "objects.unknown_type [json]", "send.payload.too_large [json]",
     "anonymous.later_auth [json]", what="every error is «malformed»")
said(without("error", "id"), "send.recipients.none [json]", what="errors name no send")
said(without("error", "detail"), "errors.detail [json]", what="errors have no detail")


@breaks("an error repeats what was sent", "errors.never_repeat [json]")
class Repeats(Broken):
    def __init__(self):
        self._last = ""

    def to_relay(self, frame):
        self._last = frame.payload.decode("utf-8", "replace")
        return [frame]

    def to_client(self, frame):
        if frame.opcode != TEXT or b'"error"' not in frame.payload:
            return [frame]
        return [frame.but(payload=json.dumps(json.loads(frame.payload) | {"detail": f"What is {self._last}?"}).encode())]


@breaks("two deliveries change places", "deliver.order [json]", "caught_up.after_backlog [json]")
class OutOfOrder(Broken):
    def __init__(self):
        self._held = None

    def to_client(self, frame):
        if b'"deliver"' not in frame.payload:
            held, self._held = self._held, None
            return [frame, held] if held else [frame]
        if self._held is None:
            self._held = frame
            return []
        held, self._held = self._held, None
        return [frame, held]


@breaks("records come as text", "binary.batch", "send.sent [binary]")
class AsText(Broken):
    def to_client(self, frame):
        return [frame.but(opcode=TEXT, payload=b'{"type":"sent"}')] if frame.opcode == BINARY else [frame]


@breaks("a record's length is wrong", "send.sent [binary]", "ack.both [binary]")
class WrongLength(Broken):
    def to_client(self, frame):
        return [frame.but(payload=b"\0\0" + frame.payload[:2] + frame.payload[4:])] if frame.opcode == BINARY else [frame]


@breaks("records are cut short by a byte, their lengths with them", "receipt.delivered [binary]", "deliver.fields [binary]")
class CutRecord(Broken):
    def to_client(self, frame):
        if frame.opcode != BINARY:
            return [frame]
        return [frame.but(payload=struct.pack(">I", len(frame.payload) - 5) + frame.payload[4:-1])]


@breaks("the close code is always 1000", "takeover [json]", "auth.wrong.signature [json]", "binary.length.zero",
        "utf8.invalid.ff", "size.too_big.text.100001", "rsv.text.001",
        "close.invalid.999")
class PlainClose(Broken):
    def to_client(self, frame):
        return [frame.but(payload=struct.pack(">H", 1000))] if frame.opcode == CLOSE else [frame]


# The protocol: what the relay hears.
heard(apply("ack", lambda message: None), "ack.up_to [json]", "deliver.seq [json]", "window.messages [json]",
      "ping.after_acks [json]", what="acknowledgements are lost")
heard(apply("ack", lambda message: message | {"up_to": 10**9}), "ack.seqs [json]",
      what="an acknowledgement covers everything")
heard(without("send", "topic"), "topic.replaces [json]", "topic.anonymous [json]", what="topics don't replace")
heard(without("send", "urgency"), "urgency.min_urgency [json]", what="every message is normal")
heard(without("send", "receipt"), "receipt.delivered [json]", "receipt.while_away [json]", what="nobody gets receipts")
heard(of("send", receipt=True), "receipt.unasked [json]", what="everybody gets receipts")
heard(apply("send", lambda message: message | {"ttl": max(message.get("ttl", 60), 60)}), "expiry [json]",
      "send.ttl_0.not_redelivered [json]", "idempotence.expired [json]",
      what="nothing expires within a minute")
heard(apply("mailbox", lambda message: message | {"generation": 0, "revoked": []}), "invites.revoked [json]",
      "invites.generation.live [json]",
      what="settings revoke nothing")
heard(apply("mailbox", lambda message: message | {"senders": "anyone"}), "invites.default_senders",
      what="settings open the mailbox")
heard(apply("recall", lambda message: {"type": "ping"}), "recall.wiped [json]", what="a recall is taken for a ping")
heard(apply("auth", lambda message: message | {"mailbox": message.get("mailbox", {}) | {"window": 256}}),
      "window.messages [json]", "send.ttl_0.behind_window [json]",
      what="the window is always the largest")
heard(apply("auth", lambda message: message | {"mailbox": message.get("mailbox", {}) | {"senders": "anyone"}}),
      "refused.not_invited.alike [json]", "invites.valid [json]",
      what="every mailbox is open")
heard(lambda message: {"type": "ping"} if message.get("type") not in ("auth", "ping", "send", "ack", "recall",
                                                                      "mailbox") else message,
      "objects.unknown_type [json]", what="unknown types are taken for pings")
heard(lambda message: json.loads(json.dumps(message).replace("=", "")), "objects.base64url", what="padding is passed over")


@breaks("a TLS proxy stands between", "auth.bound [json]")
class Between(Broken):
    pass


NOT_THROUGH_A_PROXY = {"auth.bound [json]"}   # fails where nothing else is broken, as it must


# WebSocket: what the listener says.

@breaks("the server masks its frames", "length.text.15", "ping.5_bytes.6865")
class Masks(Broken):
    def to_client(self, frame):
        return [frame.but(key=b"abcd")]


@breaks("the server sets a reserved bit", "length.text.15")
class Reserved(Broken):
    def to_client(self, frame):
        return [frame.but(rsv=4)]


@breaks("the server's lengths are not the shortest", "length.text.15")
class Longer(Broken):
    def to_client(self, frame):
        return [frame.but(form=64)]


@breaks("pongs carry nothing", "ping.5_bytes.6865", "between.ping", "ping.125_bytes.ffff")
class EmptyPongs(Broken):
    def to_client(self, frame):
        return [frame.but(payload=b"")] if frame.opcode == PONG else [frame]


@breaks("pings are not answered", "ping.0_bytes.none", "ping.burst", "between.ping_at_once")
class NoPongs(Broken):
    def to_client(self, frame):
        return [] if frame.opcode == PONG else [frame]


@breaks("unasked pongs are answered", "pong.unasked")
class PongForPong(Broken):
    def to_relay(self, frame):
        return [frame.but(opcode=PING)] if frame.opcode == PONG else [frame]


@breaks("failures come without a close frame", "rsv.text.100", "opcode.3.empty", "utf8.invalid.ff", "close.valid.1001")
class Drops(Broken):
    def to_client(self, frame):
        return None if frame.opcode == CLOSE else [frame]


@breaks("the server sends more after its close frame", "close.valid.1000", "close.then_nothing")
class Talks(Broken):
    def to_client(self, frame):
        return [frame, frame.but(opcode=TEXT, payload=b"{}")] if frame.opcode == CLOSE else [frame]


@breaks("Sec-WebSocket-Accept is wrong", "handshake.answer")
class WrongAccept(Broken):
    def answer(self, head):
        return head.replace(b"Sec-WebSocket-Accept: ", b"Sec-WebSocket-Accept: x")


@breaks("an extension is negotiated", "handshake.extensions.deflate", "connecting.no_extension")
class Extends(Broken):
    def answer(self, head):
        return head.replace(b"\r\n\r\n", b"\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n")


# WebSocket: what a lax listener would let pass.

def lax(what, change, *names):
    class Lax(Broken):
        def to_relay(self, frame):
            changed = change(frame)
            return [] if changed is None else [changed]
    BREAKAGES.append((what, Lax, names))


lax("reserved bits are passed over", lambda frame: frame.but(rsv=0),
    *(f"rsv.{kind}.{rsv:03b}" for kind in ("text", "ping", "continuation") for rsv in range(1, 8)))
lax("unmasked frames are taken", lambda frame: frame.but(key=frame.key or b"abcd"), "mask.none.text.15", "mask.none.ping.1",
    "mask.none.continuation", "mask.none.large")
lax("lengths need not be the shortest", lambda frame: frame.but(form=7), "length.not_minimal.text.15_in_16",
    "length.not_minimal.text.65535_in_64",
    "length.not_minimal.ping_in_16")
lax("unknown opcodes are passed over", lambda frame: None if frame.opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15) else frame,
    *(f"opcode.{opcode}.{kind}" for opcode in (3, 7, 11, 15) for kind in ("empty", "payload", "fragment")),
    "opcode.3.within_a_message")
lax("control frames may come in fragments", lambda frame: frame.but(fin=True) if frame.opcode >= 8 else frame,
    "control.ping.fragment", "control.pong.fragment",
    "control.close.fragment")
lax("long control frames are cut", lambda frame: frame.but(payload=frame.payload[:125], form=7)
    if frame.opcode >= 8 else frame, "control.ping.126_bytes", "control.pong.65536_bytes",
    "control.close.126_bytes")
lax("a lone continuation is taken for a text", lambda frame: frame.but(opcode=TEXT) if frame.opcode == CONT
    and frame.fin else frame, "fragments.no_start.last")
lax("invalid UTF-8 is replaced", lambda frame: frame.but(payload=frame.payload.decode("utf-8", "replace").encode())
    if frame.opcode in (TEXT, CONT) else frame,
    "utf8.invalid.overlong NUL in 2", "utf8.invalid.first surrogate", "utf8.invalid.beyond U+10FFFF", "utf8.invalid.ff",
    "utf8.invalid.5 bytes", "utf8.invalid.4 bytes, cut after 3",
    "utf8.split.invalid.first surrogate.at_1", "utf8.segments.invalid")
@breaks("each fragment must be valid UTF-8 by itself", "utf8.split.valid.2_bytes.at_1", "utf8.split.valid.4_bytes.at_3",
        "utf8.split.single_bytes")
class EachFragment(Broken):
    def to_relay(self, frame):
        try:
            frame.payload.decode("utf-8")
            return [frame]
        except UnicodeDecodeError:
            return [frame.but(opcode=3)]


lax("wrong close codes are taken", lambda frame: frame.but(payload=struct.pack(">H", 1000))
    if frame.opcode == CLOSE else frame,
    *(f"close.invalid.{code}" for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 2999)), "close.one_byte.03",
    "close.reason.invalid.ff")
lax("close frames are passed over", lambda frame: None if frame.opcode == CLOSE else frame, "close.no_body",
    "close.valid.1000", "between.close")
lax("the last byte of a text is lost", lambda frame: frame.but(payload=frame.payload[:-1])
    if frame.opcode == TEXT else frame, "length.text.125", "length.text.126",
    "length.text.65536", "fragments.single_bytes", "segments.single_bytes", "segments.header_of_64.at_9")


@breaks("every handshake is made good", "handshake.bad.version.12", "handshake.bad.upgrade.other",
        "handshake.bad.connection.close",
        "handshake.bad.key.short", "handshake.bad.path", "handshake.bad.subprotocol.unknown", "handshake.bad.method.POST",
        "connecting.refused.path",
        "connecting.refused.version", "connecting.refused.unknown_subprotocol")
class MadeGood(Broken):
    def request(self, head):
        return (b"GET /v1 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Version: 13\r\n"
                b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: lethe.v1.json\r\n\r\n")
