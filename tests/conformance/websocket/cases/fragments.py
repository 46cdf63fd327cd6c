"""Fragmentation, and control frames."""
from ..case import add, case
from ..frames import BINARY, CLOSE, CONT, NAMES, PING, PONG, TEXT, close_body, frame
from ..wire import PING_TEXT
from .framing import padded

WHOLE = "Fragments are put together in their order"
FIRST, REST = PING_TEXT[:7], PING_TEXT[7:]


def fragments(*parts, form=None):
    """Frames of one text message."""
    return [frame(CONT if at else TEXT, part, fin=at == len(parts) - 1, form=form if part else None) for at,
            part in enumerate(parts)]


def arrives(*parts):
    def run(wire):
        wire.send(*fragments(*parts))
        wire.expect_answer()
        wire.expect_alive()
    return run


for at in range(len(PING_TEXT) + 1):
    add(f"fragments.two.at_{at}", "5.4", WHOLE, arrives(PING_TEXT[:at], PING_TEXT[at:]))
add("fragments.three", "5.4", WHOLE, arrives(PING_TEXT[:3], PING_TEXT[3:9], PING_TEXT[9:]))
add("fragments.single_bytes", "5.4", WHOLE, arrives(*(PING_TEXT[at:at + 1] for at in range(len(PING_TEXT)))))
add("fragments.empty_between", "5.4", WHOLE, arrives(FIRST, b"", b"", REST, b""))
add("fragments.many_empty", "5.4", WHOLE, arrives(*[b""] * 500, PING_TEXT))
add("fragments.large", "5.4", WHOLE, arrives(padded(70000), b" " * 300, b" " * 100))
add("fragments.lengths_of_each_form", "5.4, 5.2", WHOLE, arrives(padded(125), b" " * 126, b" " * 65536, b" "))


@case("fragments.one_segment_each", "5.4", WHOLE)
def one_segment_each(wire):
    for one in fragments(*(PING_TEXT[at:at + 2] for at in range(0, len(PING_TEXT), 2))):
        wire.send_slowly(one, len(one))
    wire.expect_answer()


@case("fragments.all_empty", "5.4", "A message of empty fragments is an empty message: the relay judges it (malformed)")
def all_empty(wire):
    wire.send(*fragments(b"", b"", b""))
    wire.expect_answer("malformed")


@case("fragments.binary", "5.4", WHOLE, "binary")
def binary(wire):
    wire.send(frame(BINARY, b"\0\0\0", fin=False), frame(CONT, b"\x03\x7f", fin=False), frame(CONT, b"\xff\xfe"))
    wire.expect_answer("unsupported")


def fails(*frames):
    def run(wire):
        wire.send(*frames)
        wire.expect_failed()
    return run


NO_START = "A continuation with nothing to continue fails the connection"
INTERLEAVED = "The fragments of one message are not interleaved with another's"
add("fragments.no_start.last", "5.4", NO_START, fails(frame(CONT, PING_TEXT)))
add("fragments.no_start.first", "5.4", NO_START, fails(frame(CONT, FIRST, fin=False), frame(CONT, REST)))
add("fragments.no_start.empty", "5.4", NO_START, fails(frame(CONT)))
for opcode in (TEXT, BINARY):
    for fin in (True, False):
        add(f"fragments.interleaved.{NAMES[opcode]}.{'whole' if fin else 'fragment'}", "5.4", INTERLEAVED,
            fails(frame(TEXT, FIRST, fin=False), frame(opcode, PING_TEXT, fin=fin)))


@case("fragments.no_start.after_a_message", "5.4", NO_START)
def no_start_after(wire):
    wire.send(*fragments(FIRST, REST), frame(CONT, b" "))
    wire.expect_answer()
    wire.expect_failed()


# Control frames between fragments.

@case("between.ping", "5.4, 5.5.2", "A ping between fragments is answered, and the message arrives")
def ping_between(wire):
    wire.send(frame(TEXT, FIRST, fin=False), frame(PING, b"hello"), frame(CONT, REST))
    wire.expect_pong(b"hello")
    wire.expect_answer()


@case("between.ping_at_once", "5.5.2", "A pong doesn't wait for the rest of a message")
def ping_at_once(wire):
    wire.send(frame(TEXT, FIRST, fin=False), frame(PING, b"hello"))
    wire.expect_pong(b"hello")
    wire.send(frame(CONT, REST))
    wire.expect_answer()


@case("between.each", "5.4", "Control frames between fragments don't disturb the message")
def between_each(wire):
    parts = fragments(*(PING_TEXT[at:at + 1] for at in range(len(PING_TEXT))))
    for number, part in enumerate(parts):
        wire.send(part, frame(PING, bytes([number])) if number + 1 < len(parts) else b"")
        if number + 1 < len(parts):
            wire.expect_pong(bytes([number]))
    wire.expect_answer()


@case("between.pong", "5.4, 5.5.3", "A pong that nobody asked for doesn't disturb the message")
def pong_between(wire):
    wire.send(frame(TEXT, FIRST, fin=False), frame(PONG, b"unasked"), frame(PONG), frame(CONT, REST))
    wire.expect_answer()


@case("between.largest_ping", "5.4, 5.5", "A ping of 125 bytes between fragments is answered")
def largest_between(wire):
    wire.send(frame(TEXT, FIRST, fin=False), frame(PING, b"\xff" * 125), frame(CONT, REST))
    wire.expect_pong(b"\xff" * 125)
    wire.expect_answer()


@case("between.close", "5.5.1", "A close between fragments closes; the message is never whole")
def close_between(wire):
    wire.send(frame(TEXT, FIRST, fin=False), frame(CLOSE, close_body(1000)), frame(CONT, REST))
    wire.expect_close(1000, None)


# Control frames themselves.

def echoed(payload):
    def run(wire):
        wire.send(frame(PING, payload))
        wire.expect_pong(payload)
        wire.expect_alive()
    return run


for payload in (b"", b"x", b"hello", bytes(2), b"\xff\xfe\x80", bytes(range(124)), bytes(range(125)), b"\xff" * 125):
    add(f"ping.{len(payload)}_bytes.{payload[:2].hex() or 'none'}", "5.5.2, 5.5.3", "A pong carries the ping's own bytes",
        echoed(payload))


@case("ping.burst", "5.5.3", "The latest of many pings is answered, earlier ones in their order or not at all")
def burst(wire):
    wire.send(*(frame(PING, bytes([number])) for number in range(30)))
    seen = []
    while not seen or seen[-1] != 29:
        kind, payload = wire.next() or ("nothing", b"\xff")
        assert kind == "pong", f"a pong was due; {kind} came"
        seen.append(payload[0])
    assert seen == sorted(set(seen)), f"pongs out of order: {seen}"
    wire.expect_alive()


@case("pong.unasked", "5.5.3", "A pong that nobody asked for gets no answer")
def unasked(wire):
    wire.send(frame(PONG), frame(PONG, b"x"), frame(PONG, b"\xff" * 125))
    wire.expect_alive()


for opcode in (PING, PONG, CLOSE):
    payload = close_body(1000) if opcode == CLOSE else b"x"
    add(f"control.{NAMES[opcode]}.fragment", "5.5", "A control frame is never in fragments",
        fails(frame(opcode, payload, fin=False)))
    add(f"control.{NAMES[opcode]}.fragment_and_rest", "5.5", "A control frame is never in fragments",
        fails(frame(opcode, payload, fin=False), frame(CONT, b"x")))
    add(f"control.{NAMES[opcode]}.fragment_within", "5.5", "A control frame is never in fragments",
        fails(frame(TEXT, FIRST, fin=False), frame(opcode, payload, fin=False), frame(CONT, REST)))
    for size in (126, 127, 1000, 65535, 65536):
        add(f"control.{NAMES[opcode]}.{size}_bytes", "5.5", "A control frame has 125 bytes at most",
            fails(frame(opcode, close_body(1000) + b"x" * (size - 2))))
