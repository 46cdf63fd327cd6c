"""TCP segments and sizes: a stream has no borders, and a limit is told."""
from ..case import add, case
from ..frames import BINARY, CONT, PING, TEXT, frame, header
from ..wire import PING_TEXT
from .framing import padded

SAME = "How TCP cuts the stream changes nothing"
LARGEST = 1 << 20   # the relay's limits.session.frame
TOO_BIG = "A message too big to process closes with 1009"


def cut_at(content, at, wanted="pong"):
    def run(wire):
        for piece in (content[:at], content[at:]):
            wire.send_slowly(piece, max(1, len(piece)))
        wire.expect_answer(wanted)
    return run


for at in range(1, 8):
    add(f"segments.header_of_7.at_{at}", "5.2", SAME, cut_at(frame(TEXT, PING_TEXT), at))
for at in (1, 2, 3, 4, 6, 8):
    add(f"segments.header_of_16.at_{at}", "5.2", SAME, cut_at(frame(TEXT, padded(300)), at))
for at in (1, 2, 5, 9, 10, 12, 14):
    add(f"segments.header_of_64.at_{at}", "5.2", SAME, cut_at(frame(TEXT, padded(66000)), at))


@case("segments.single_bytes", "5.2", SAME)
def single_bytes(wire):
    wire.send_slowly(frame(TEXT, PING_TEXT) + frame(PING, b"hello"))
    wire.expect_answer()
    wire.expect_pong(b"hello")


@case("segments.many_frames_in_one", "5.2", SAME)
def many_in_one(wire):
    wire.send(*(frame(TEXT, PING_TEXT) for _ in range(100)))
    for _ in range(100):
        wire.expect_answer()


@case("segments.a_frame_and_a_half", "5.2", SAME)
def and_a_half(wire):
    second = frame(TEXT, PING_TEXT)
    wire.send(frame(TEXT, PING_TEXT) + second[:9])
    wire.expect_answer()
    wire.send(second[9:])
    wire.expect_answer()


# Sizes.

@case("size.largest", "10.4", "A message of the relay's limit arrives")
def largest(wire):
    wire.send(frame(TEXT, padded(LARGEST)))
    wire.expect_answer()


@case("size.largest.fragments", "10.4", "A message of the relay's limit arrives, in fragments as well")
def largest_fragments(wire):
    whole, step = padded(LARGEST), 1 << 16
    wire.send(*(frame(CONT if at else TEXT, whole[at:at + step], fin=at + step >= LARGEST)
                for at in range(0, LARGEST, step)))
    wire.expect_answer()


def announced(opcode, length):
    def run(wire):
        wire.send(header(opcode, length) + b"mask" + b"x" * 100)
        wire.expect_close(1009)
    return run


for length in (LARGEST + 1, 1 << 24, 1 << 31, 1 << 32, 1 << 40, (1 << 63) - 1):
    for opcode, name in ((TEXT, "text"), (BINARY, "binary")):
        add(f"size.too_big.{name}.{length:x}", "7.4.1, 10.4", TOO_BIG + ", before it has come", announced(opcode, length))


@case("size.too_big.whole", "7.4.1", TOO_BIG)
def too_big_whole(wire):
    wire.send(frame(TEXT, padded(LARGEST + 1)))
    wire.expect_close(1009)


@case("size.too_big.fragments", "7.4.1, 10.4", TOO_BIG + ", the fragments taken together")
def too_big_fragments(wire):
    step = 1 << 16
    wire.send(frame(TEXT, padded(step), fin=False), *(frame(CONT, b" " * step, fin=False) for _ in range(15)),
              frame(CONT, b" "))
    wire.expect_close(1009)


@case("size.too_big.last_fragment", "7.4.1, 10.4", TOO_BIG + ", the fragments taken together")
def too_big_last(wire):
    wire.send(frame(TEXT, PING_TEXT, fin=False), header(CONT, LARGEST) + b"mask")
    wire.expect_close(1009)
