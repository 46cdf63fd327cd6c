"""Frames of RFC 6455, section 5.2: written in any form, wrong ones too, and read strictly."""
import os
import struct

CONT, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
NAMES = {CONT: "continuation", TEXT: "text", BINARY: "binary", CLOSE: "close", PING: "ping", PONG: "pong"}


def length_bytes(length, form=None):
    """The seven bits, and the extended length. `form`: 7, 16 or 64; the shortest where it is None."""
    form = form or (7 if length <= 125 else 16 if length <= 0xFFFF else 64)
    if form == 7:
        return length, b""
    return (126, struct.pack(">H", length)) if form == 16 else (127, struct.pack(">Q", length))


def header(opcode, length, fin=True, rsv=0, form=None, masked=True):
    seven, more = length_bytes(length, form)
    return bytes([fin << 7 | rsv << 4 | opcode, masked << 7 | seven]) + more


def frame(opcode, payload=b"", fin=True, rsv=0, form=None, mask=None):
    """A client's frame. `mask`: the key, random where it is None, no masking where it is False."""
    if mask is False:
        return header(opcode, len(payload), fin, rsv, form, masked=False) + payload
    key = os.urandom(4) if mask is None else mask
    return header(opcode, len(payload), fin, rsv, form) + key + masked(payload, key)


def masked(payload, key):
    pad = key * (len(payload) // 4 + 1)
    return (int.from_bytes(payload, "big") ^ int.from_bytes(pad[:len(payload)], "big")).to_bytes(len(payload), "big")


def close_body(code, reason=b""):
    return struct.pack(">H", code) + reason


class BrokenFrame(Exception):
    """The relay's frame is not as the RFC wants it."""


def parse(received):
    """(fin, opcode, payload, rest) of the first frame, or None where it isn't whole yet."""
    if len(received) < 2:
        return None
    first, second = received[0], received[1]
    fin, opcode, seven = bool(first & 0x80), first & 15, second & 127
    if first & 0x70:
        raise BrokenFrame("a reserved bit is set, and no extension was negotiated")
    if second & 0x80:
        raise BrokenFrame("a server's frame is masked")
    if opcode not in NAMES:
        raise BrokenFrame(f"the reserved opcode {opcode}")
    if opcode >= 8 and (not fin or seven > 125):
        raise BrokenFrame("a control frame in fragments, or with more than 125 bytes")
    at = 2 + {126: 2, 127: 8}.get(seven, 0)
    if len(received) < at:
        return None
    length = int.from_bytes(received[2:at], "big") if seven > 125 else seven
    if length_bytes(length)[0] != seven:
        raise BrokenFrame("a length that is not in its shortest form")
    if len(received) < at + length:
        return None
    return fin, opcode, received[at:at + length], received[at + length:]
