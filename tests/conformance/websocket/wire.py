"""A connection whose every byte the case decides on."""
import json
import ssl
import time

from kit.http import upgrade
from kit.check import Failure
from .frames import CLOSE, CONT, NAMES, PING, PONG, TEXT, BrokenFrame, close_body, frame, parse

WAIT = 5   # seconds
PING_TEXT = b'{"type":"ping"}'
END = ("end", None)   # TCP's or TLS's end, without a close frame


class Wire:
    def __init__(self, target, encoding="json"):
        self._target, self._received, self._parts, self._kind = target, b"", [], None
        self.sock = target.connect()
        self.sock.sendall(upgrade(target, Sec_WebSocket_Protocol=f"lethe.v1.{encoding}"))
        while b"\r\n\r\n" not in self._received:
            if not self._read(time.monotonic() + WAIT):
                raise Failure("no answer to the upgrade")
        head, self._received = self._received.split(b"\r\n\r\n", 1)
        if not head.startswith(b"HTTP/1.1 101 "):
            raise Failure(f"the upgrade was refused: {head[:20].decode('latin-1')}")
        kind, text = self.next()
        if kind != "text" or b'"hello"' not in text:
            raise Failure("the relay did not begin with hello")

    # Out.

    def send(self, *frames):
        """All in one write."""
        try:
            self.sock.sendall(b"".join(frames))
        except OSError:   # it has hung up in the middle: what it said before is read
            pass

    def send_slowly(self, content, step=1):
        """Each piece in a TLS record and TCP segment of its own."""
        for at in range(0, len(content), step):
            self.send(content[at:at + step])
            time.sleep(0.002)

    # In.

    def next(self, seconds=WAIT):
        """("text", "binary", "ping" or "pong", bytes), ("close", code or None), or END; None where nothing came."""
        ends = time.monotonic() + seconds
        while True:
            try:
                found = parse(self._received)
            except BrokenFrame as problem:
                raise Failure(f"the relay sent a wrong frame: {problem}") from None
            if found:
                event = self._take(*found)
                if event:
                    return event
            elif (more := self._read(ends)) is None:
                return None
            elif not more:
                return END

    def _read(self, ends):
        """True where bytes came, False at the end, None where the time is over."""
        left = ends - time.monotonic()
        if left <= 0:
            return None
        self.sock.settimeout(left)
        try:
            more = self.sock.recv(1 << 17)
        except TimeoutError:
            return None
        except (ssl.SSLError, OSError):
            more = b""
        self._received += more
        return bool(more)

    def _take(self, fin, opcode, payload, rest):
        self._received = rest
        if opcode == CLOSE:
            return "close", int.from_bytes(payload[:2], "big") if payload else None
        if opcode in (PING, PONG):
            return NAMES[opcode], payload
        if (opcode == CONT) != bool(self._parts):
            raise Failure("the relay's fragments are not in order")
        self._kind = NAMES[opcode] if opcode != CONT else self._kind
        self._parts.append(payload)
        if not fin:
            return None
        whole, self._parts = b"".join(self._parts), []
        return self._kind, whole

    # What a case asks for.

    def answer(self):
        """The next JSON message's type, with the code of an error."""
        event = self.next()
        if not event or event[0] != "text":
            raise Failure(f"an answer to the message was due; {told(event)}")
        message = json.loads(event[1])
        return message.get("code") if message["type"] == "error" else message["type"]

    def expect_answer(self, wanted="pong"):
        """`pong` to a ping, or the code of an error: the message arrived whole."""
        found = self.answer()
        if found != wanted:
            raise Failure(f"the answer {wanted} was due; {found} came")

    def expect_pong(self, payload):
        event = self.next()
        if event != ("pong", payload):
            raise Failure(f"a pong frame with the ping's {len(payload)} bytes was due; {told(event)}")

    def expect_alive(self):
        self.send(frame(TEXT, PING_TEXT))
        self.expect_answer()

    def expect_close(self, *codes, or_drop=False):
        """The connection is failed or closed: one of these codes (None: no code), then the end. Nothing is answered before."""
        event = self._last_words()
        if event == END and or_drop:
            return
        if event is None:
            raise Failure("the connection stays open")
        if event == END:
            raise Failure("the connection ended without a close frame")
        if event[0] != "close":
            raise Failure(f"a close frame was due; {told(event)}")
        if event[1] not in codes:
            raise Failure(f"the close code should be {' or '.join(str(code) for code in codes)} and is {event[1]}")
        self.send(frame(CLOSE, close_body(event[1] or 1000)))
        after = self.next()
        if after != END:
            raise Failure(f"after the close frame, {told(after)}")

    def _last_words(self):
        """What comes, but for the relay's `error` and `closing`."""
        while True:
            event = self.next()
            if not event or event[0] != "text" or json.loads(event[1])["type"] not in ("error", "closing"):
                return event

    def expect_failed(self):
        """«_Fail the WebSocket Connection_» over a protocol error."""
        self.expect_close(1002)

    def end(self):
        self.sock.close()


def told(event):
    if event is None:
        return "nothing came"
    kind, content = event
    if event == END:
        return "the connection ended"
    return f"a {kind} frame came ({content if kind == 'close' else f'{len(content)} bytes'})"
