"""Lengths, reserved bits, reserved opcodes, masking."""
import struct

from ..case import add, case
from ..frames import BINARY, CLOSE, CONT, NAMES, PING, PONG, TEXT, close_body, frame
from ..wire import PING_TEXT

MINIMAL = "The length is in its shortest form; anything else fails the connection"


def padded(size):
    """A JSON ping of exactly this many bytes."""
    return PING_TEXT[:-1] + b" " * (size - len(PING_TEXT)) + PING_TEXT[-1:]


def whole(size):
    def run(wire):
        wire.send(frame(TEXT, padded(size)))
        wire.expect_answer()
    return run


for size in (15, 16, 124, 125, 126, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 65537, 131072):
    add(f"length.text.{size}", "5.2", "A message of this length arrives whole", whole(size))


@case("length.text.0", "5.2", "An empty message is a message: the relay judges it (malformed)")
def empty_text(wire):
    wire.send(frame(TEXT))
    wire.expect_answer("malformed")


def binary_of(size):
    """A binary message of an unknown record kind: observed by `unsupported`."""
    def run(wire):
        wire.send(frame(BINARY, (struct.pack(">I", size - 4) + b"\x7f" + b"\xfe\xff\x80" * size)[:size]))
        wire.expect_answer("unsupported")
    return run


for size in (6, 125, 126, 65535, 65536):
    add(f"length.binary.{size}", "5.2, 5.6", "A binary message of this length arrives whole, whatever its bytes",
        binary_of(size), "binary")


def longer(opcode, payload, form):
    def run(wire):
        wire.send(frame(opcode, payload, form=form))
        wire.expect_failed()
    return run


for size, form in ((15, 16), (125, 16), (15, 64), (125, 64), (126, 64), (65535, 64)):
    add(f"length.not_minimal.text.{size}_in_{form}", "5.2", MINIMAL, longer(TEXT, padded(size), form))
for form in (16, 64):
    add(f"length.not_minimal.empty_in_{form}", "5.2", MINIMAL, longer(TEXT, b"", form))
    add(f"length.not_minimal.ping_in_{form}", "5.2, 5.5", MINIMAL, longer(PING, b"hello", form))
    add(f"length.not_minimal.close_in_{form}", "5.2, 5.5", MINIMAL, longer(CLOSE, close_body(1000), form))


def not_minimal_fragment(wire):
    wire.send(frame(TEXT, PING_TEXT[:5], fin=False), frame(CONT, PING_TEXT[5:], form=16))
    wire.expect_failed()


add("length.not_minimal.continuation_in_16", "5.2", MINIMAL, not_minimal_fragment)


def high_bit(opcode, length):
    def run(wire):
        wire.send(bytes([0x80 | opcode, 0xFF]) + struct.pack(">Q", length) + bytes(4))
        wire.expect_close(1002, 1009)
    return run


for opcode in (TEXT, BINARY):
    for length in (1 << 63, (1 << 63) + 15, (1 << 64) - 1):
        add(f"length.high_bit.{NAMES[opcode]}.{length:x}", "5.2", "The most significant bit of a 64-bit length is 0",
            high_bit(opcode, length))


# Reserved bits: no extension is negotiated, so none may be set.

def reserved_bits(opcode, rsv):
    payload = {TEXT: PING_TEXT, CLOSE: close_body(1000)}.get(opcode, b"x")

    def run(wire):
        wire.send(frame(opcode, payload, rsv=rsv))
        wire.expect_failed()

    def run_continuation(wire):
        wire.send(frame(TEXT, PING_TEXT[:7], fin=False), frame(CONT, PING_TEXT[7:], rsv=rsv))
        wire.expect_failed()
    return run_continuation if opcode == CONT else run


for opcode in (TEXT, CONT, BINARY, CLOSE, PING, PONG):
    for rsv in range(1, 8):
        add(f"rsv.{NAMES[opcode]}.{rsv:03b}", "5.2", "A set reserved bit without an extension fails the connection",
            reserved_bits(opcode, rsv))


# Reserved opcodes.

def reserved_opcode(opcode, payload, fin):
    def run(wire):
        wire.send(frame(opcode, payload, fin=fin))
        wire.expect_failed()
    return run


for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15):
    add(f"opcode.{opcode}.empty", "5.2", "An unknown opcode fails the connection", reserved_opcode(opcode, b"", True))
    add(f"opcode.{opcode}.payload", "5.2", "An unknown opcode fails the connection",
        reserved_opcode(opcode, PING_TEXT, True))
    add(f"opcode.{opcode}.fragment", "5.2", "An unknown opcode fails the connection",
        reserved_opcode(opcode, PING_TEXT, False))


@case("opcode.3.within_a_message", "5.2, 5.4", "An unknown opcode fails the connection, between fragments as well")
def reserved_within(wire):
    wire.send(frame(TEXT, PING_TEXT[:7], fin=False), frame(3, b"x"), frame(CONT, PING_TEXT[7:]))
    wire.expect_failed()


@case("opcode.after_a_message", "5.2", "What was whole before an unknown opcode is answered, and the connection fails")
def reserved_after(wire):
    wire.send(frame(TEXT, PING_TEXT), frame(3, b"x"))
    wire.expect_answer()
    wire.expect_failed()


# Masking.

def unmasked(opcode, payload):
    def run(wire):
        wire.send(frame(opcode, payload, mask=False))
        wire.expect_close(1002, or_drop=True)   # «MAY send a Close frame»
    return run


for opcode, payload in ((TEXT, PING_TEXT), (TEXT, b""), (BINARY, b"x"), (PING, b"x"), (PING, b""), (PONG, b"x"),
                        (CLOSE, close_body(1000)), (CLOSE, b"")):
    add(f"mask.none.{NAMES[opcode]}.{len(payload)}", "5.1", "The server closes upon a frame that is not masked",
        unmasked(opcode, payload))


@case("mask.none.continuation", "5.1", "The server closes upon a frame that is not masked")
def unmasked_continuation(wire):
    wire.send(frame(TEXT, PING_TEXT[:7], fin=False), frame(CONT, PING_TEXT[7:], mask=False))
    wire.expect_close(1002, or_drop=True)


@case("mask.none.large", "5.1", "The server closes upon a frame that is not masked")
def unmasked_large(wire):
    wire.send(frame(TEXT, padded(70000), mask=False))
    wire.expect_close(1002, or_drop=True)


def with_mask(key):
    def run(wire):
        wire.send(frame(TEXT, PING_TEXT, mask=key), frame(PING, b"0123456789", mask=key))
        wire.expect_answer()
        wire.expect_pong(b"0123456789")
    return run


for key in (bytes(4), b"\xff" * 4, b"\x00\x00\x00\x01", b"\x80\x00\x00\x00", b'{"ty'):
    add(f"mask.key.{key.hex()}", "5.3", "Any key unmasks", with_mask(key))


@case("mask.key.of_each_fragment", "5.3", "Each frame is unmasked by its own key, from the key's first byte")
def mask_each(wire):
    wire.send(*(frame(TEXT if at == 0 else CONT, PING_TEXT[at:at + 3], fin=at + 3 >= len(PING_TEXT),
                      mask=bytes([at, 255 - at, 7, at * 16 & 255]))
                for at in range(0, len(PING_TEXT), 3)))
    wire.expect_answer()
