"""A WebSocket connection: whole messages over a socket, by the `websockets` library's part that does no input or output."""
import time
from dataclasses import dataclass

try:
    from websockets.client import ClientProtocol
except ImportError:   # before 11
    from websockets.client import ClientConnection as ClientProtocol
from websockets.exceptions import InvalidStatus
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

from .check import Failure

LARGEST = 64 << 20


@dataclass
class Closed:
    """The relay's close frame; without a code, the connection ended without one."""
    code: int | None


class Link:
    """One connection. `sock` is connected; the upgrade is done by the constructor. Not for two threads."""

    def __init__(self, sock, url, subprotocols):
        self.sock, self.pings, self._arrived, self._parts, self._kind = sock, 0, [], [], None
        self._protocol = ClientProtocol(parse_uri(url), subprotocols=list(subprotocols), max_size=LARGEST)
        self._protocol.send_request(self._protocol.connect())
        self._flush()
        ends = time.monotonic() + 10
        while not self._arrived:
            if not self._pump(ends):
                raise Failure("no answer to the upgrade request within 10 s")
        answer = self._arrived.pop(0)
        error = getattr(self._protocol, "handshake_exc", None)
        if answer.status_code != 101:
            self.drop()
            raise InvalidStatus(answer)
        if error:
            raise Failure(f"the answer to the upgrade is no valid one: {type(error).__name__}")
        self.subprotocol = self._protocol.subprotocol

    def send_text(self, text):
        self._protocol.send_text(text if isinstance(text, bytes) else text.encode())
        self._flush()

    def send_binary(self, content):
        self._protocol.send_binary(content)
        self._flush()

    def send_raw(self, content):
        """Bytes past the library, for what it wouldn't send."""
        self.sock.sendall(content)

    def receive(self, seconds):
        """A str, bytes or Closed; None where nothing came in time."""
        ends = time.monotonic() + seconds
        while not self._arrived:
            if not self._pump(ends):
                return None
        return self._arrived.pop(0)

    def close(self):
        """Leaves in order, so that the relay knows that this session is over when the call returns."""
        try:
            self._protocol.send_close(1000)
            self._flush()
            ends = time.monotonic() + 2
            while not any(isinstance(item, Closed) for item in self._arrived) and self._pump(ends):
                pass
        except Exception:   # it has ended already
            pass
        self.sock.close()

    def drop(self):
        self.sock.close()

    def _flush(self):
        for piece in self._protocol.data_to_send():
            if piece:
                self.sock.sendall(piece)

    def _pump(self, ends):
        """Reads once, until `ends` at most; false where nothing came."""
        left = ends - time.monotonic()
        if left <= 0:
            return False
        self.sock.settimeout(left)
        try:
            received = self.sock.recv(1 << 18)
        except TimeoutError:
            return False
        except OSError:
            received = b""
        if received:
            self._protocol.receive_data(received)
        else:
            self._protocol.receive_eof()
        for event in self._protocol.events_received():
            self._take(event)
        problem = getattr(self._protocol, "parser_exc", None)
        if problem and not isinstance(problem, EOFError):
            raise Failure(f"the relay broke the WebSocket protocol: {problem}")
        try:
            self._flush()
        except OSError:
            pass
        if not received:
            self._arrived.append(Closed(None))
        return True

    def _take(self, event):
        if not isinstance(event, Frame):
            self._arrived.append(event)
        elif event.opcode is Opcode.CLOSE:
            self._arrived.append(Closed(int.from_bytes(event.data[:2], "big") if event.data else 1005))
        elif event.opcode is Opcode.PING:
            self.pings += 1
        elif event.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            self._kind = self._kind if event.opcode is Opcode.CONT else event.opcode
            self._parts.append(event.data)
            if event.fin:
                whole, self._parts = b"".join(self._parts), []
                self._arrived.append(whole.decode("utf-8") if self._kind is Opcode.TEXT else whole)
