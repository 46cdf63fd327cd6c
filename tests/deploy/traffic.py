"""Messages through whatever stands at an address, by the conformance kit's sessions and by lethe-cli."""
import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from types import SimpleNamespace

from serving import PATIENCE, REPOSITORY

sys.path.insert(0, str(REPOSITORY / "tests" / "conformance"))
from kit import http                       # noqa: E402
from kit.encoding import from_text         # noqa: E402
from kit.keys import Device                # noqa: E402
from kit.lab import Lab                    # noqa: E402
from kit.trust import TIMEOUT, Target      # noqa: E402

ENCODINGS = ("json", "binary")
SECRET = b"see you at eight, says nobody to no proxy "


class TargetFrom(Target):
    """Connects from an address of its own choice."""

    def __init__(self, source, port, ca):
        super().__init__(f"wss://localhost:{port}/v1", ca=str(ca))
        self._source = source

    def _plain(self):
        return socket.create_connection(("127.0.0.1", self.port), TIMEOUT, (self._source, 0))


@contextmanager
def lab(target, encoding):
    opened = Lab(SimpleNamespace(target=target, admission=None, slow=False), encoding)
    try:
        yield opened
    finally:
        opened.end()


def pass_messages(target, encoding):
    """Small and large ones, live and after waiting, among them more than a proxy's buffers hold; returns what nobody may keep."""
    with lab(target, encoding) as here:
        alice, bob = here.join(), here.open_mailbox()
        device = bob.device
        for size in (0, 100, 60_000):
            payload = SECRET + os.urandom(size)
            ident = alice.deliverable(device, payload)
            assert from_text(bob.expect_delivery(ident)["payload"]) == payload, "another payload arrived"
        bob.ack(up_to=3)
        bob.settle()
        here.leave(bob)
        payloads = [SECRET + os.urandom(60_000) for _ in range(60)]
        for payload in payloads:
            alice.deliverable(device, payload)
        bob = here.connect()
        bob.authenticate(device)
        for payload in payloads:
            delivery = bob.expect_delivery()
            assert from_text(delivery["payload"]) == payload, "another payload waited"
            bob.ack(up_to=delivery["seq"])
        bob.expect("caught_up")
        bob.settle()
        return [alice.device, device]


def run_client(client, *arguments, **more):
    return subprocess.run([client, *arguments], check=True, capture_output=True, timeout=2 * PATIENCE, **more)


def pass_by_client(client, port, ca, folder, *options):
    """A text and a file by lethe-cli, from an invite to the recipient's screen and disk."""
    key, sent, received = folder / "recipient", folder / "holiday.zip", folder / "received"
    run_client(client, "keygen", "--key", key)
    link = run_client(client, "invite", "--key", key, "--relay", f"localhost:{port}", "--anonymous", text=True).stdout.strip()
    run_client(client, "send", "--ca", ca, "--anonymous", "--text", SECRET.decode(), link)
    listen = ["listen", "--ca", ca, "--key", key, "--relay", link, "--once", "--timeout", "60s", *options]
    heard = run_client(client, *listen).stdout
    assert heard.strip() == SECRET.strip(), f"another text arrived: {heard!r}"
    sent.write_bytes(os.urandom(1_000_000))
    run_client(client, "send", "--ca", ca, "--anonymous", link, sent)
    run_client(client, *listen, "--out", received)
    assert (received / "holiday.zip").read_bytes() == sent.read_bytes(), "another file arrived"


def upgrade_status(target, **more):
    """The status with which an upgrade is answered."""
    return http.ask(target, http.upgrade(target, **more)).status
