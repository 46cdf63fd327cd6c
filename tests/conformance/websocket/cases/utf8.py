"""Text is UTF-8: valid edges, invalid sequences of each kind, and both split."""
from ..case import add, case
from ..frames import CONT, TEXT, frame

VALID = "Valid UTF-8 arrives"
INVALID = "Invalid UTF-8 in a text message fails the connection (1007)"

EDGES = [0x7F, 0x80, 0x7FF, 0x800, 0xFFF, 0x1000, 0xD7FF, 0xE000, 0xFDD0, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF, 0x10000, 0x1FFFE,
         0x3FFFF, 0x40000, 0xFFFFF,
         0x100000, 0x10FFFF, 0x2028, 0x1F600]

BROKEN = {
    "lone continuation, first": "80", "lone continuation, last": "bf", "two continuations": "80bf",
    "continuation after a whole sequence": "c3a980", "2 bytes, cut": "c3", "3 bytes, cut after 1": "e2",
    "3 bytes, cut after 2": "e282",
    "4 bytes, cut after 1": "f0", "4 bytes, cut after 2": "f09f", "4 bytes, cut after 3": "f09f98",
    "2 bytes, a letter inside": "c341", "3 bytes, a letter inside": "e28241", "4 bytes, a letter inside": "f09f9841",
    "a start within a sequence": "e2e282ac", "overlong NUL in 2": "c080", "overlong slash in 2": "c0af",
    "overlong, largest in 2": "c1bf",
    "overlong NUL in 3": "e08080", "overlong, largest in 3": "e09fbf", "overlong NUL in 4": "f0808080",
    "overlong, largest in 4": "f08fbfbf",
    "first surrogate": "eda080", "last high surrogate": "edafbf", "first low surrogate": "edb080",
    "last surrogate": "edbfbf",
    "a pair of surrogates": "eda0bdedb880", "beyond U+10FFFF": "f4908080", "f5": "f5808080", "f7": "f7bfbfbf",
    "5 bytes": "f888808080",
    "6 bytes": "fc8480808080", "fe": "fe", "ff": "ff", "fe and ff": "fefeffff",
}


def text_with(content):
    """Of an unknown type, so that the answer `unsupported` shows that it arrived."""
    return b'{"type":"' + content + b'"}'


def valid(content):
    def run(wire):
        wire.send(frame(TEXT, text_with(content)))
        wire.expect_answer("unsupported")
    return run


for point in EDGES:
    add(f"utf8.valid.U+{point:04X}", "8.1, 5.6", VALID, valid(chr(point).encode()))
add("utf8.valid.greek", "8.1", VALID, valid("κόσμε".encode()))
add("utf8.valid.combining", "8.1", VALID, valid("e\u0301\u200d👩‍👧".encode()))


def invalid(content):
    def run(wire):
        wire.send(frame(TEXT, text_with(content)))
        wire.expect_close(1007)
    return run


for name, content in BROKEN.items():
    add(f"utf8.invalid.{name}", "8.1", INVALID, invalid(bytes.fromhex(content)))


@case("utf8.invalid.cut_by_the_end", "8.1", INVALID)
def cut_by_the_end(wire):
    wire.send(frame(TEXT, b'{"type":"ping"}\xe2\x82'))
    wire.expect_close(1007)


@case("utf8.invalid.not_even_json", "8.1", INVALID)
def not_even_json(wire):
    wire.send(frame(TEXT, b"\xff"))
    wire.expect_close(1007)


@case("utf8.invalid.late_in_a_large_message", "8.1", INVALID)
def late(wire):
    wire.send(frame(TEXT, text_with(b"x" * 100_000 + b"\xed\xa0\x80")))
    wire.expect_close(1007)


# Split.

def split(content, at):
    whole = text_with(content)
    at += len(b'{"type":"')
    return frame(TEXT, whole[:at], fin=False), frame(CONT, whole[at:])


def split_valid(content, at):
    def run(wire):
        wire.send(*split(content, at))
        wire.expect_answer("unsupported")
    return run


def split_invalid(content, at):
    def run(wire):
        wire.send(*split(content, at))
        wire.expect_close(1007)
    return run


for letter in ("é", "€", "😀"):
    encoded = letter.encode()
    for at in range(1, len(encoded)):
        add(f"utf8.split.valid.{len(encoded)}_bytes.at_{at}", "5.6, 8.1", "A sequence may be split by fragments",
            split_valid(encoded, at))
for name in ("first surrogate", "overlong NUL in 3", "overlong, largest in 4", "beyond U+10FFFF",
             "a start within a sequence"):
    content = bytes.fromhex(BROKEN[name])
    for at in range(1, len(content)):
        add(f"utf8.split.invalid.{name}.at_{at}", "5.6, 8.1", INVALID + ", split by fragments as well",
            split_invalid(content, at))


@case("utf8.split.invalid.in_the_first_fragment", "8.1", INVALID)
def first_fragment(wire):
    wire.send(frame(TEXT, b'{"type":"\xff', fin=False), frame(CONT, b'"}'))
    wire.expect_close(1007)


@case("utf8.split.invalid.cut_by_the_last_fragment", "8.1", INVALID)
def last_fragment(wire):
    wire.send(frame(TEXT, b'{"type":"ping"}', fin=False), frame(CONT, b"\xf0\x9f", fin=False), frame(CONT))
    wire.expect_close(1007)


@case("utf8.split.single_bytes", "5.6, 8.1", "A sequence may be split by fragments")
def single_bytes(wire):
    whole = text_with("é€😀".encode())
    wire.send(*(frame(CONT if at else TEXT, whole[at:at + 1], fin=at + 1 == len(whole)) for at in range(len(whole))))
    wire.expect_answer("unsupported")


@case("utf8.segments.valid", "5.6", "How TCP cuts a frame changes nothing")
def segments_valid(wire):
    wire.send_slowly(frame(TEXT, text_with("é€😀".encode())))
    wire.expect_answer("unsupported")


@case("utf8.segments.invalid", "8.1", INVALID)
def segments_invalid(wire):
    wire.send_slowly(frame(TEXT, text_with(b"\xed\xa0\x80")))
    wire.expect_close(1007)


@case("utf8.not_for_binary", "5.6", "A binary message is no text: its bytes are the application's", "binary")
def not_for_binary(wire):
    wire.send(frame(2, b"\0\0\0\x04\x7f\xff\xc0\x80"))
    wire.expect_answer("unsupported")


@case("utf8.of_text_in_a_binary_session", "8.1", INVALID, "binary")
def text_in_binary(wire):
    wire.send(frame(TEXT, text_with(b"\xc0\x80")))
    wire.expect_close(1007)
