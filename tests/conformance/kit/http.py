"""Plain HTTP requests: for upgrades that are refused, and for the relay page."""
import base64
import os

from .check import Failure


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body   # header names in lower case

    def number(self, name):
        text = self.headers.get(name, "")
        if not text.isdigit():
            raise Failure(f"the answer {self.status} has no {name} header with a number")
        return int(text)


def upgrade(target, without=(), extra=(), method="GET", path=None, after=b"", **replaced):
    """An upgrade request that would succeed but for what is changed. Header names as keywords have _ for -."""
    headers = {
        "Host": target.authority, "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(), "Sec-WebSocket-Protocol": "lethe.v1.json",
    }
    headers |= {name.replace("_", "-"): value for name, value in replaced.items()}
    lines = [f"{method} {path or target.path} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers.items() if name not in without]
    lines += [f"{name}: {value}" for name, value in extra]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + after


def ask(target, request):
    """Sends the bytes of a request and reads the answer; an upgrade that succeeds is dropped."""
    with target.connect() as sock:
        sock.sendall(request)
        received = b""
        while b"\r\n\r\n" not in received:
            received += _more(sock)
        head, body = received.split(b"\r\n\r\n", 1)
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
        status = int(first.split(" ")[1])
        while status != 101 and len(body) < int(headers.get("content-length", 0)):
            body += _more(sock)
        return Answer(status, headers, body)


def _more(sock):
    received = sock.recv(65536)
    if not received:
        raise Failure("the relay hung up before its answer was whole")
    return received
