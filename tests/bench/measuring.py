"""Runs of lethe-bench, by turns, and what they say in a table's cell."""
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from servers import SERVERS
from tables import ALL

NAMES = {"lethe": "Lethe", "lethe-json": "Lethe", "mosquitto": "Mosquitto", "jetstream": "JetStream", "nats": "NATS"}
SATURATED = 95   # percent of a core: the rest is what it takes to look
LOAD, NOBODY, SHARED, OTHERS = "†", "‡", "§", "¶"
LEGEND = {LOAD: "the load was the limit", NOBODY: "neither server nor load was busy all the time", SHARED: "server and load shared cores",
          OTHERS: "something else took a tenth or more of the server's core: measure again on a quiet machine"}


def measure(server, row, settings):
    """One run on a fresh server; the figures, or why there are none."""
    cores = settings.cores
    own, others = cores[:row.threads], cores[row.threads:] or cores
    options = row.options if server.startswith("lethe") else []
    arguments = list(row.other.get(server, row.run))
    if "--threads" not in arguments:
        arguments += ["--threads", str(len(others) if row.threads > 1 or len(others) > 1 else 1)]
    listed = [",".join(map(str, each)) for each in (own, others)]
    try:
        with SERVERS[server](settings.bin, listed[0], options) as running, tempfile.NamedTemporaryFile(suffix=".json") as report:
            command = ["taskset", "-c", listed[1], Path(settings.bin) / "lethe-bench", *arguments, "--port", str(running.port), "--pid", str(running.pid),
                       "--protocol", running.protocol, "--server-threads", str(row.threads), "--seconds", str(settings.seconds), "--json", report.name]
            ran = subprocess.run(command, capture_output=True, text=True, timeout=settings.patience)
            if ran.returncode:
                return (ran.stderr.strip().splitlines() or [f"exit status {ran.returncode}"])[-1]
            return json.load(report)["median"]
    except subprocess.TimeoutExpired:
        return f"not done after {settings.patience} s"
    except RuntimeError as failure:
        return str(failure).splitlines()[0]


class Measured:
    """All runs of one row."""

    def __init__(self, name, row, settings, cache):
        self.name, self.row = name, row
        self.runs = {server: [] for server in row.servers}
        self.shared = len(settings.cores) <= row.threads
        for number in range(settings.runs):
            for server in row.servers:   # by turns, so that a slow minute is everyone's
                key = (server, tuple(row.other.get(server, row.run)), tuple(row.options) if server.startswith("lethe") else (), row.threads, number)
                if key not in cache:
                    cache[key] = measure(server, row, settings)
                    print(f"{name}: {server}, run {number + 1}: {cache[key]}", file=sys.stderr, flush=True)
                self.runs[server].append(cache[key])

    def values(self, server, figure=None):
        return [run[figure or self.row.figure] for run in self.runs.get(server, []) if isinstance(run, dict) and (figure or self.row.figure) in run]

    def median(self, server):
        values = self.values(server)
        return statistics.median(values) if values else None

    def faults(self):
        return [f"{NAMES[server]}, {self.row.title}: {run}." for server, runs in self.runs.items() for run in dict.fromkeys(r for r in runs if isinstance(r, str))]

    def marks(self, server):
        """What kept the server from doing more, where that was not its own core."""
        busy = self.row.busy
        if busy is None:
            return ""
        own, load = (self.values(server, f"{busy}{who}_busy_percent") for who in ("server", "load"))
        marks = SHARED if self.shared else ""
        if own and statistics.median(own) < SATURATED:
            marks += LOAD if load and statistics.median(load) >= SATURATED else NOBODY
        waited = self.values(server, f"{busy}server_waiting_percent")
        return marks + (OTHERS if server not in ("jetstream", "nats") and waited and max(waited) >= 10 else "")

    def server_of(self, column):
        return column if column in self.runs or column != "lethe" else next((each for each in self.runs if each.startswith("lethe")), column)

    def cell(self, column, base):
        server = self.server_of(column)
        median = self.median(server)
        if median is None:
            return "–"
        values, digits = self.values(server), self.row.digits
        text = f"{median:,.{digits}f}{self.marks(server)}"
        if len(values) > 1:
            text += f" ({min(values):,.{digits}f}–{max(values):,.{digits}f})"
        other = server in self.row.other and self.row.other[server] != self.row.run
        if other:
            text += ", of " + " ".join(self.row.other[server][1:]).replace("--", "")
        if self.row.base:
            first = base.median(server) if base is not self and base else None
            return text + (f", **{median / first:.2f} ×** the first" if first else "")
        own = self.median(self.row.servers[0])
        if column == "lethe" or other or not own or not median:
            return text
        return text + f", **{own / median if self.row.more else median / own:.1f} ×**"


def table(measured, columns=ALL):
    """Markdown: a line a row, a column a server that any of them has."""
    by_name = {each.name: each for each in measured}
    shown = [column for column in columns if any(each.server_of(column) in each.runs for each in measured)]
    lines = ["| | " + " | ".join(NAMES[column] for column in shown) + " |", "|---" * (len(shown) + 1) + "|"]
    for each in measured:
        lines.append("| " + " | ".join([each.row.title, *(each.cell(column, by_name.get(each.row.base)) for column in shown)]) + " |")
    text = "\n".join(lines)
    notes = [f"{mark}: {says}." for mark, says in LEGEND.items() if mark in text]
    return text, notes + [fault for each in measured for fault in each.faults()]
