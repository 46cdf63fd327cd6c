"""Programs for the tests of this folder, as children that end with the test: a relay on free ports, and whatever stands before it."""
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.append(str(REPOSITORY / "tests" / "support"))
import local_certificate  # noqa: E402

DEPLOY = REPOSITORY / "deploy"
SKIPPED = 77
PATIENCE = 30   # seconds
# Little, and ordinary memory: limits for locked memory are another test's.
MODEST = ["--memory.arena", "32MiB", "--limits.relay.bytes", "24MiB", "--limits.mailbox.bytes", "16MiB", "--memory.locking", "best-effort",
          "--memory.secret", "off", "--lockdown", "best-effort", "--threads", "2", "--limits.session.handshakes_per_second", "100000"]


def skip(reason):
    print(f"SKIPPED: {reason}")
    sys.exit(SKIPPED)


def free_ports(count):
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def make_certificate(folder):
    """chain.pem and key.pem for localhost."""
    local_certificate.make_certificate(folder / "chain.pem", folder / "key.pem")


def until(true, what, process=None):
    ends = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > ends or (process and process.poll() is not None):
            raise RuntimeError(what())
        time.sleep(0.02)


class Program:
    """Runs within a `with`; all that it prints goes to one file."""

    def __init__(self, arguments, output, environment=None):
        self._arguments, self.output, self._environment = arguments, Path(output), environment

    def __enter__(self):
        with open(self.output, "wb") as file:
            self.process = subprocess.Popen(self._arguments, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT,
                                            env=self._environment)
        try:
            self.ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def text(self):
        return self.output.read_text("utf-8", "replace")

    def ready(self):
        pass

    def wait_for(self, true):
        until(true, lambda: f"{self._arguments[0]} did not start:\n{self.text()}", self.process)

    def answers_at(self, port):
        def answers():
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return True
            except OSError:
                return False
        self.wait_for(answers)


class Relay(Program):
    """lethe with its options; `port` is the clients', `admin` the pages'."""

    def __init__(self, program, folder, *options, port=0):
        super().__init__([program, *MODEST, "--listen", f"127.0.0.1:{port}", "--admin", "127.0.0.1:0", *options], Path(folder, "relay.log"))

    def ready(self):
        self.wait_for(lambda: re.search(r" listening port=\d+\n", self.text()))
        self.port, self.admin = (int(re.search(rf" {event} port=(\d+)\n", self.text())[1]) for event in ("listening", "admin_listening"))

    def hand_over_to(self, *options):
        """Another process of the same program takes over; this stands for it from then on."""
        before = self.process
        self.output = self.output.with_suffix(".successor")
        with open(self.output, "wb") as file:
            self.process = subprocess.Popen([self._arguments[0], *MODEST, "--listen", f"127.0.0.1:{self.port}", *options], stdin=subprocess.DEVNULL,
                                            stdout=file, stderr=subprocess.STDOUT)
        status = before.wait(PATIENCE)
        assert status == 0, f"the one that was taken over from ended with {status}:\n{self.text()}"
        self.wait_for(lambda: " taken_over " in self.text())

    def page(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}{path}", timeout=PATIENCE) as answer:
            return answer.read().decode()
