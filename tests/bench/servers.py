"""Servers to be measured: each on a free port of localhost, pinned to one core, with one certificate for all."""
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/support"))
from local_certificate import make_certificate  # noqa: E402

START = 60   # seconds
# One client is all the load there is: what protects a relay from a single one is out of the way.
OPEN = ["--limits.session.per_source", "100000", "--limits.session.handshakes_per_second", "100000",
        "--limits.session.sends_per_second", "10000000", "--limits.session.bytes_per_second", "10GiB",
        "--limits.session.verifications_per_second", "10000000", "--limits.relay.invites", "2000000",
        "--limits.relay.mailboxes", "2000000", "--limits.relay.low_watermark", "100"]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return sock.getsockname()[1]


class Server:
    """Runs within a `with`; `pid` is the process that the load program asks about."""
    protocol = ""

    # `core`: what taskset takes, one or several.
    def __init__(self, bin_directory, core, options=()):
        self.bin, self.core, self.options = Path(bin_directory), core, list(options)
        self._folder = tempfile.TemporaryDirectory(prefix="lethe-bench-")
        self.folder = Path(self._folder.name)
        self.certificate, self.key = self.folder / "certificate.pem", self.folder / "key.pem"

    def __enter__(self):
        make_certificate(self.certificate, self.key)
        os.chmod(self.key, 0o644)   # mosquitto gives up root
        os.chmod(self.folder, 0o755)
        self.port = free_port()
        with open(self.folder / "log", "wb") as log:
            self._process = subprocess.Popen(["taskset", "-c", str(self.core), *self.command()], stdout=log, stderr=subprocess.STDOUT)
        self.pid = self._process.pid
        try:
            self._await()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()

    def log(self):
        return (self.folder / "log").read_text(errors="replace")

    def ready(self):
        with socket.socket() as sock:
            return sock.connect_ex(("127.0.0.1", self.port)) == 0

    def _await(self):
        ends = time.monotonic() + START
        while not self.ready():
            if self._process.poll() is not None or time.monotonic() > ends:
                raise RuntimeError(f"{type(self).__name__} did not start:\n{self.log()}")
            time.sleep(0.05)


class Lethe(Server):
    protocol = "lethe"

    def command(self):
        return [self.bin / "lethe", "--name", "localhost", "--listen", f"127.0.0.1:{self.port}", "--admin", "127.0.0.1:0",
                "--tls.certificate", self.certificate, "--tls.key", self.key, "--threads", "1",
                "--memory.arena", "64MiB", "--limits.relay.bytes", "48MiB", *OPEN, *self.options]

    def ready(self):
        return re.search(r" listening port=\d+", self.log()) is not None


class LetheJson(Lethe):
    protocol = "lethe-json"


class Mosquitto(Server):
    protocol = "mqtt"

    def command(self):
        (self.folder / "mosquitto.conf").write_text(
            f"listener {self.port} 127.0.0.1\nprotocol websockets\ncertfile {self.certificate}\nkeyfile {self.key}\n"
            f"listener {free_port()} 127.0.0.1\n"   # 2.0.11 doesn't start with WebSocket alone
            "allow_anonymous true\npersistence false\nmax_queued_messages 0\nmax_inflight_messages 0\nmax_connections -1\n"
            "set_tcp_nodelay true\nlog_dest none\n")
        return ["mosquitto", "-c", self.folder / "mosquitto.conf"]


class Nats(Server):
    protocol = "nats"

    def command(self):
        jetstream = f'jetstream {{ store_dir: "{self.folder}/store", max_memory_store: 4GB }}\n' if self.protocol == "jetstream" else ""
        (self.folder / "nats.conf").write_text(
            f'listen: "127.0.0.1:{free_port()}"\nmax_connections: 100000\nmax_pending: 1GB\n{jetstream}'
            f'websocket {{ listen: "127.0.0.1:{self.port}", tls {{ cert_file: "{self.certificate}", key_file: "{self.key}" }} }}\n')
        return ["env", "GOMAXPROCS=1", "nats-server", "-c", self.folder / "nats.conf"]


class JetStream(Nats):
    protocol = "jetstream"


SERVERS = {"lethe": Lethe, "lethe-json": LetheJson, "mosquitto": Mosquitto, "nats": Nats, "jetstream": JetStream}
