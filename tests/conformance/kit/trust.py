"""Where the relay is, and how its certificate is judged."""
import hashlib
import select
import socket
import ssl
import time
from urllib.parse import urlsplit

from .check import Failure, Skipped

TIMEOUT = 10


class Target:
    """A relay's URL and the trust in it. `pin` is the SHA-256 of the certificate in hex, `ca` a PEM file."""

    def __init__(self, url, pin=None, ca=None, insecure=False):
        parts = urlsplit(url)
        if parts.scheme not in ("wss", "ws") or not parts.hostname:
            raise ValueError(f"{url} is no wss:// or ws:// URL")
        self.url, self.host, self.path, self.secure = url, parts.hostname, parts.path or "/v1", parts.scheme == "wss"
        self.port = parts.port or (443 if self.secure else 80)
        self.pin = pin.replace(":", "").lower() if pin else None
        self.context = self._context(ca, insecure) if self.secure else None

    @property
    def authority(self):
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"

    def _context(self, ca, insecure):
        context = ssl.create_default_context(cafile=ca)
        if insecure or self.pin:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def _plain(self):
        sock = socket.create_connection((self.host, self.port), timeout=TIMEOUT)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock

    def connect(self, context=None):
        """A connected socket, its certificate judged."""
        if not self.secure:
            return self._plain()
        sock = (context or self.context).wrap_socket(self._plain(), server_hostname=self.host)
        self._judge(sock.getpeercert(binary_form=True))
        return sock

    def _judge(self, certificate):
        found = hashlib.sha256(certificate).hexdigest()
        if self.pin and found != self.pin:
            raise ssl.SSLError(f"the relay's certificate has the SHA-256 {found}, which is not the pin")

    def connect_for_exporter(self):
        """A connection that can tell RFC 9266's keying material, by pyOpenSSL; trusts the certificate that connect() found."""
        if not self.secure:
            raise Skipped("there is no TLS to bind to")
        try:
            from OpenSSL import SSL
        except ImportError:
            raise Skipped("python3-openssl is not installed, and Python's own ssl has no exporter") from None
        with self.connect() as known:
            certificate = known.getpeercert(binary_form=True)
        return BoundSocket(SSL, self._plain(), self.host, certificate)


class BoundSocket:
    """As much of a socket as Link needs, over pyOpenSSL."""

    def __init__(self, ssl_module, sock, host, certificate):
        from cryptography.hazmat.primitives.serialization import Encoding
        self._ssl, self._sock, self._timeout = ssl_module, sock, TIMEOUT
        sock.setblocking(False)
        self._tls = ssl_module.Connection(ssl_module.Context(ssl_module.TLS_CLIENT_METHOD), sock)
        self._tls.set_tlsext_host_name(host.encode())
        self._tls.set_connect_state()
        self._waiting(self._tls.do_handshake)
        if self._tls.get_peer_certificate().to_cryptography().public_bytes(Encoding.DER) != certificate:
            raise Failure("two connections showed different certificates")

    def exporter(self):
        return self._tls.export_keying_material(b"EXPORTER-Channel-Binding", 32, b"")

    def settimeout(self, seconds):
        self._timeout = seconds

    def _waiting(self, step, *arguments):
        ends = time.monotonic() + self._timeout
        while True:
            try:
                return step(*arguments)
            except self._ssl.WantReadError:
                ready = select.select([self._sock], [], [], max(0, ends - time.monotonic()))[0]
            except self._ssl.WantWriteError:
                ready = select.select([], [self._sock], [], max(0, ends - time.monotonic()))[1]
            if not ready:
                raise TimeoutError

    def recv(self, size):
        try:
            return self._waiting(self._tls.recv, size)
        except (self._ssl.ZeroReturnError, self._ssl.SysCallError):
            return b""

    def sendall(self, content):
        while content:
            content = content[self._waiting(self._tls.send, content):]

    def close(self):
        self._sock.close()
