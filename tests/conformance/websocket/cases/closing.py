"""The closing handshake, its codes and reasons."""
from ..case import add, case
from ..frames import CLOSE, PING, TEXT, close_body, frame
from ..wire import END, PING_TEXT

ECHO = "A close frame is answered by one, and the server ends the TCP connection"
NOT_ALLOWED = "A code that must not be sent, or is reserved, fails the connection"


def closes(body, *codes):
    def run(wire):
        wire.send(frame(CLOSE, body))
        wire.expect_close(*codes)
    return run


add("close.no_body", "5.5.1, 7.1.5", ECHO, closes(b"", None, 1000))
for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 3000, 3001, 3999, 4000, 4001, 4999):
    add(f"close.valid.{code}", "7.4", ECHO, closes(close_body(code), code, 1000, None)
        if code != 1000 else closes(close_body(code), code, None))
for code in (0, 1, 500, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999):
    add(f"close.invalid.{code}", "7.4.1, 7.4.2", NOT_ALLOWED, closes(close_body(code), 1002))
for code in (1014, 5000, 32768, 65535):
    add(f"close.undefined.{code}", "7.4.2",
        "The RFC leaves this code open: it is taken or refused, and the connection ends in order",
        closes(close_body(code), code, 1000, 1002, None))
for byte in (b"\x03", b"\0", b"\xff"):
    add(f"close.one_byte.{byte.hex()}", "5.5.1",
        "A close frame's body begins with a code of two bytes; one byte fails the connection", closes(byte, 1002))

for name, reason in (("ascii", b"going home"), ("utf8", "é€😀".encode()), ("longest", b"x" * 123),
                     ("longest_utf8", "é".encode() * 61 + b"x")):
    add(f"close.reason.{name}", "5.5.1, 7.1.6", "A reason is UTF-8 of 123 bytes at most",
        closes(close_body(1000, reason), 1000, None))
for name, reason in (("ff", b"\xff"), ("continuation", b"ok\x80"), ("cut", b"\xe2\x82"), ("overlong", b"\xc0\xaf"),
                     ("surrogate", b"\xed\xa0\x80"),
                     ("beyond", b"\xf4\x90\x80\x80")):
    add(f"close.reason.invalid.{name}", "5.5.1, 8.1", "An invalid reason fails the connection",
        closes(close_body(1000, reason), 1007, 1002))


@case("close.then_nothing", "5.5.1, 1.4", "What comes after a close frame is not handled")
def then_nothing(wire):
    wire.send(frame(CLOSE, close_body(1000)), frame(TEXT, PING_TEXT), frame(PING, b"x"))
    wire.expect_close(1000, None)


@case("close.twice", "5.5.1", "One close frame is answered once")
def twice(wire):
    wire.send(frame(CLOSE, close_body(1000)), frame(CLOSE, close_body(1001)))
    wire.expect_close(1000, None)


@case("close.after_messages", "5.5.1", "What was whole before the close frame is answered before it")
def after_messages(wire):
    wire.send(frame(TEXT, PING_TEXT), frame(CLOSE, close_body(1000)))
    event = wire.next()
    if event and event[0] == "text":   # the relay may also leave it
        event = wire.next()
    assert event and event[0] == "close", f"a close frame was due, and {event} came"
    assert wire.next() == END, "the connection did not end after the close frames"


@case("close.slowly", "5.5.1", ECHO)
def slowly(wire):
    wire.send_slowly(frame(CLOSE, close_body(1000, b"bye")))
    wire.expect_close(1000, None)


@case("close.cut.without_a_frame", "7.1.5", "A client that goes away without a word disturbs nobody")
def cut(wire):
    wire.send(frame(TEXT, PING_TEXT[:5], fin=False))
    other = type(wire)(wire._target)
    wire.end()
    other.expect_alive()
    other.end()
