"""A proxy between a kit and a relay that breaks what one of them says, so that the kit can be seen to notice."""
import select
import socket
import ssl
import threading
from dataclasses import dataclass, replace

LARGEST = 1 << 20   # a frame beyond it goes through as it is, with all that follows


@dataclass
class Wired:
    """A frame as it stands on the wire, wrong ones too. `form`: of the length, 7, 16 or 64 bits."""
    fin: bool
    rsv: int
    opcode: int
    key: bytes | None
    form: int
    payload: bytes

    def but(self, **changed):
        return replace(self, **changed)

    def encoded(self):
        length = len(self.payload)
        form = max(self.form, 7 if length <= 125 else 16 if length <= 0xFFFF else 64)
        seven = {7: length, 16: 126, 64: 127}[form]
        more = b"" if form == 7 else length.to_bytes(form // 8, "big")
        head = bytes([self.fin << 7 | self.rsv << 4 | self.opcode, (self.key is not None) << 7 | seven]) + more
        return head + (self.key or b"") + (_mask(self.payload, self.key) if self.key else self.payload)


def _mask(payload, key):
    return bytes(byte ^ key[at & 3] for at, byte in enumerate(payload))


def taken(received):
    """(frame, rest), (None, received) where it isn't whole, or (None, None) where it never will be."""
    if len(received) < 2:
        return None, received
    seven, masked = received[1] & 127, bool(received[1] & 128)
    form = {126: 16, 127: 64}.get(seven, 7)
    at = 2 + (form // 8 if form > 7 else 0)
    if len(received) < at + 4 * masked:
        return None, received
    length = seven if form == 7 else int.from_bytes(received[2:at], "big")
    if length > LARGEST:
        return None, None
    key = received[at:at + 4] if masked else None
    at += 4 * masked
    if len(received) < at + length:
        return None, received
    payload = received[at:at + length]
    first = received[0]
    return Wired(bool(first & 128), first >> 4 & 7, first & 15, key, form, _mask(payload, key)
                 if key else payload), received[at + length:]


class Broken:
    """What goes through unchanged; each way of breaking it overrides a part. One for each connection."""

    def request(self, head):
        return head

    def answer(self, head):
        return head

    def to_relay(self, frame):
        """Frames, in place of the client's."""
        return [frame]

    def to_client(self, frame):
        """Frames, in place of the relay's; None hangs up."""
        return [frame]


class Proxy:
    """Listens on a free port of localhost with the relay's own certificate. Runs within a `with`."""

    def __init__(self, relay, broken):
        self._relay, self._broken = relay, broken
        self._server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._server.load_cert_chain(relay.certificate, relay.key)
        self._client = ssl.create_default_context(cafile=relay.certificate)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"wss://localhost:{self._listener.getsockname()[1]}/v1"

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listener.close()

    def _accept(self):
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near):
        try:
            near = self._server.wrap_socket(near, server_side=True)
            far = self._client.wrap_socket(socket.create_connection(("127.0.0.1", self._relay.port)),
                                           server_hostname="localhost")
        except OSError:
            near.close()
            return
        broken = self._broken()
        up = Direction(near, far, broken.request, broken.to_relay)
        down = Direction(far, near, broken.answer, broken.to_client)
        try:
            while not (up.over or down.over):
                buffered = near.pending() or far.pending()
                ready = select.select([near, far], [], [], 0 if buffered else 20)[0]
                if not ready and not buffered:
                    break
                up.pump()
                down.pump()
        except OSError:
            pass
        near.close()
        far.close()


class Direction:
    """What one side says to the other: the HTTP head, then frames."""

    def __init__(self, source, sink, change_head, change_frame):
        self._source, self._sink, self._change_head, self._change_frame = source, sink, change_head, change_frame
        self._received, self._in_frames, self._raw, self.over = b"", False, False, False

    def pump(self):
        """Reads what there is, without waiting, and passes on what is whole."""
        self._source.setblocking(False)
        try:
            more = self._source.recv(1 << 16)
            self.over = not more
        except (ssl.SSLWantReadError, BlockingIOError):
            return
        except OSError:
            more, self.over = b"", True
        self._received += more
        changed = self._changed()
        self._sink.settimeout(10)
        self._sink.sendall(changed)

    def _changed(self):
        out = b""
        if not self._in_frames:
            if b"\r\n\r\n" not in self._received:
                return self._all() if self.over else out
            head, self._received = self._received.split(b"\r\n\r\n", 1)
            out, self._in_frames = self._change_head(head + b"\r\n\r\n"), True
            self._raw = self._source_is_relay_without_upgrade(head)
        while not self._raw:
            frame, rest = taken(self._received)
            self._raw = rest is None
            if frame is None:
                break
            self._received = rest
            frames = self._change_frame(frame)
            if frames is None:
                self.over = True
                return out
            out += b"".join(one.encoded() for one in frames)
        return out + self._all() if self._raw or self.over else out

    def _all(self):
        everything, self._received = self._received, b""
        return everything

    @staticmethod
    def _source_is_relay_without_upgrade(head):
        return head.startswith(b"HTTP/1.1 ") and not head.startswith(b"HTTP/1.1 101 ")
