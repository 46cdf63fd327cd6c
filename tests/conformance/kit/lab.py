"""What one check works with: sessions at the relay, closed when the check is over."""
import subprocess
import time

from websockets.exceptions import InvalidStatus

from .check import Failure, Skipped
from .keys import Device
from .link import Link
from .session import Session

PATIENCE = 5   # upgrades refused for their rate, before a check gives up


class Lab:
    def __init__(self, options, encoding):
        self.target, self.options, self.encoding = options.target, options, encoding
        self._links = []

    def link(self, subprotocols=None, sock=None):
        """A WebSocket connection, without a look at what the relay says first."""
        for _ in range(PATIENCE):
            try:
                link = Link(sock or self.target.connect(), self.target.url, subprotocols or [f"lethe.v1.{self.encoding}"])
                self._links.append(link)
                return link
            except InvalidStatus as refused:
                if refused.response.status_code != 429 or sock:
                    raise Failure(f"the upgrade was refused: {refused.response.status_code}") from None
                time.sleep(int(refused.response.headers.get("Retry-After", "1")))
        raise Failure("the relay refused every upgrade for its rate (429)")

    def connect(self, sock=None):
        return Session(self.link(sock=sock), self.target, self.encoding, self.options.admission)

    def join(self, device=None, **mailbox):
        """An authenticated session that has caught up; its device is new where none is given."""
        session = self.connect()
        session.authenticate(device or Device(), **({"mailbox": mailbox} if mailbox else {}))
        session.backlog = session.catch_up()
        return session

    def open_mailbox(self, **settings):
        """A joined session that takes messages of every authenticated device."""
        return self.join(senders="anyone", **settings)

    def leave(self, *sessions):
        """Ends sessions, and waits until the relay knows: until a message for now or never finds nobody there."""
        for session in sessions:
            session.close()
        probe = self.join()
        for device in (session.device for session in sessions):
            invite, ends = device.invite(generation=2**32 - 1), time.monotonic() + 2
            while not probe.send((device, invite), ttl=0, urgency="high")["refused"] and time.monotonic() < ends:
                time.sleep(0.05)
        probe.close()

    def run(self, command):
        if not command:
            raise Skipped("no --restart command was given")
        subprocess.run(command, shell=True, check=True, timeout=60)

    def need_slow(self, what):
        if not self.options.slow:
            raise Skipped(f"{what} (--slow)")

    def end(self):
        for link in self._links:
            link.drop()
