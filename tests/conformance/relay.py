"""A real lethe for the tests of this folder: on a free port of localhost, with a certificate of its own."""
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "support"))
from local_certificate import make_certificate  # noqa: E402

START = 30   # seconds
FAST = ["--admin", "127.0.0.1:0", "--lockdown", "best-effort", "--memory.secret", "off", "--memory.locking", "best-effort",
        "--memory.arena", "64MiB",
        "--limits.relay.bytes", "48MiB", "--threads", "2"]


class Relay:
    """Runs within a `with`. Where it ends by itself, or by somebody's signal, it is started again on the same port."""

    def __init__(self, program, *options):
        self._program, self._options, self._port, self._wanted = program, options, 0, True
        self._folder = tempfile.TemporaryDirectory(prefix="lethe-conformance-")
        self.certificate, self.key = (str(Path(self._folder.name, name)) for name in ("certificate.pem", "key.pem"))
        self.pid_file = Path(self._folder.name, "pid")

    def __enter__(self):
        make_certificate(self.certificate, self.key)
        self._start()
        self._watcher = threading.Thread(target=self._watch)
        self._watcher.start()
        return self

    def __exit__(self, *_):
        self._wanted = False
        self._process.terminate()
        self._watcher.join()
        self._folder.cleanup()

    @property
    def port(self):
        return self._port

    @property
    def url(self):
        return f"wss://localhost:{self._port}/v1"

    @property
    def restart_command(self):
        return f"kill -TERM $(cat {self.pid_file})"

    def _start(self):
        log = Path(self._folder.name, "log")
        with open(log, "wb") as file:
            self._process = subprocess.Popen([self._program, *FAST, "--listen", f"127.0.0.1:{self._port}",
                                              "--tls.certificate", self.certificate,
                                              "--tls.key", self.key, *self._options], stdout=file, stderr=subprocess.STDOUT)
        self.pid_file.write_text(str(self._process.pid))
        ends = time.monotonic() + START
        while not (found := re.search(r" listening port=(\d+)", log.read_text())):
            if self._process.poll() is not None or time.monotonic() > ends:
                self._process.kill()
                raise RuntimeError(f"{self._program} did not start:\n{log.read_text()}")
            time.sleep(0.02)
        self._port = int(found[1])

    def _watch(self):
        while True:
            self._process.wait()
            if not self._wanted:
                return
            self._start()
