"""What tests/bench/compare measures: tables of rows, each of them a figure of a run of lethe-bench. Rows with the same run share it."""
from dataclasses import dataclass, field

ALL = ["lethe", "mosquitto", "jetstream", "nats"]
KEEPING = ["lethe", "mosquitto", "jetstream"]
LAZY = ["--memory.locking", "off", "--memory.secret", "off"]   # so that resident memory is what is used
ROOMY = ["--memory.arena", "1GiB", "--limits.relay.bytes", "900MiB"]


@dataclass(frozen=True)
class Row:
    title: str
    run: list                     # arguments of lethe-bench
    figure: str
    unit: str
    servers: list = field(default_factory=lambda: ALL)
    more: bool = True             # is better
    options: list = field(default_factory=list)    # of Lethe
    other: dict = field(default_factory=dict)      # server: other arguments of lethe-bench, where it can't do these
    threads: int = 1              # of Lethe, a core each
    busy: str = None              # prefix of the figures that say who was the limit; None: nobody is asked to be
    base: str = None              # the row that it is compared with, server by server; None: with Lethe
    digits: int = 0


def rate(title, run, figure="messages_per_second", busy="", **rest):
    return Row(title, run, figure, "a second", busy=busy, **rest)


def cost(title, run, figure="server_us_per_message", **rest):
    return Row(title, run, figure, "µs", more=False, digits=2, **rest)


def known(mailboxes, standing=0, pairs=64, window=16):
    return ["relay", "--pairs", str(pairs), "--window", str(window), "--known", str(mailboxes), "--standing", str(standing)]


def growth():
    """The same active pairs, while the server knows and holds ever more."""
    small = {"jetstream": known(100)}    # each consumer costs it more than the one before
    cases = {
        "known-1k": ("1,000 mailboxes known, nothing waits", known(1_000), KEEPING, small),
        "known-10k": ("10,000 known", known(10_000), ["lethe", "mosquitto"], {}),
        "known-100k": ("100,000 known", known(100_000), ["lethe", "mosquitto"], {}),
        "standing-1k": ("1,000 known, 1,000,000 messages wait", known(1_000, 1_000_000), KEEPING, {"jetstream": known(100, 1_000_000)}),
        "standing-100k": ("100,000 known, 1,000,000 messages wait", known(100_000, 1_000_000), ["lethe", "mosquitto"], {}),
    }
    pairs = {
        "pairs-64": ("64 pairs, 1 in flight", known(0, window=1)),
        "pairs-4000": ("4,000 pairs, 1 in flight", known(0, pairs=4_000, window=1)),
    }
    rows = {}
    for shape, prefix in ((cost, "µs of processor time a message: "), (rate, "messages a second: ")):
        suffix = "-cost" if shape is cost else ""
        for name, (title, run, servers, other) in cases.items():
            rows[name + suffix] = shape(prefix + title, run, servers=servers, other=other, options=ROOMY, base="known-1k" + suffix)
        for name, (title, run) in pairs.items():
            rows[name + suffix] = shape(prefix + title, run, servers=KEEPING, options=ROOMY, base="pairs-64" + suffix)
    return rows


def queue():
    rows = {}
    for name, mailboxes, servers in (("1k", 1_000, KEEPING), ("100k", 100_000, ["lethe", "mosquitto"])):
        run = ["queue", "--messages", "1000000", "--mailboxes", str(mailboxes)]
        # An acknowledgement costs JetStream more with each consumer that there is.
        other = {"jetstream": ["queue", "--messages", "100000", "--mailboxes", str(mailboxes)]}
        rest = {"servers": servers, "other": other}
        where = f"256 bytes in {mailboxes:,} mailboxes"
        rows[f"queued-{name}"] = Row(f"resident bytes of a queued message of {where}", run, "bytes_per_message", "bytes", more=False, options=[*LAZY, *ROOMY], **rest)
        rows[f"fill-{name}"] = rate(f"queued a second, {where}", run, "filled_per_second", "filling_", options=ROOMY, **rest)
        rows[f"drain-{name}"] = rate(f"drained a second, with the sessions that it takes, {where}", run, "drained_per_second", "draining_", options=ROOMY, **rest)
    run = ["queue", "--messages", "1000000", "--mailboxes", "1000"]
    rows["drain-open"] = rate("drained a second once the sessions are open, 1,000 mailboxes", run, "drained_per_second_once_connected", None,
                              servers=["lethe"], options=ROOMY)
    return rows


def fan_out():
    run = ["fan-out", "--payload", "4096"]
    here = {"servers": ["lethe"], "options": ROOMY}
    lazy = {"servers": ["lethe"], "options": [*LAZY, *ROOMY]}
    return {
        "fan-out": rate("deliveries a second", run, "deliveries_per_second", **here),
        "fan-out-single": cost("µs of processor time a recipient who is there: a message each", run, "server_us_per_recipient_sent_singly", **here),
        "fan-out-cost": cost("µs of processor time a recipient who is there: one message for all", run, "server_us_per_recipient", base="fan-out-single", **here),
        "fan-out-away-single": cost("µs of processor time a recipient who is away: a message each", run, "server_us_per_recipient_away_sent_singly", **here),
        "fan-out-away": cost("µs of processor time a recipient who is away: one message for all", run, "server_us_per_recipient_away", base="fan-out-away-single", **here),
        "fan-out-bytes-single": Row("resident bytes a recipient who is away: a message each", run, "bytes_per_recipient_away_sent_singly", "bytes", more=False, **lazy),
        "fan-out-bytes": Row("resident bytes a recipient who is away: one message for all", run, "bytes_per_recipient_away", "bytes", more=False,
                             base="fan-out-bytes-single", **lazy),
    }


def threads():
    rows = {}
    for window in (16, 1):
        for count in (1, 2):
            run = ["relay", "--window", str(window), "--pairs", "128"]
            what = f"{count} thread{'s' * (count > 1)}, 256 bytes, {window} in flight"
            rest = {"servers": ["lethe"], "threads": count, "options": ["--threads", str(count)]}
            rows[f"threads-{count}-{window}"] = rate(f"messages a second: {what}", run, base=f"threads-1-{window}", **rest)
            rows[f"threads-{count}-{window}-cost"] = cost(f"µs of processor time a message: {what}", run, base=f"threads-1-{window}-cost", **rest)
    return rows


LARGE = ["relay", "--window", "16", "--payload", "4096"]
STORM = ["storm", "--threads", "32"]
TABLES = {
    "throughput": ("What a server with one core passes on", {
        "small-16": rate("256 bytes, 16 in flight a pair, messages a second", ["relay", "--window", "16"]),
        "small-1": rate("256 bytes, 1 in flight", ["relay", "--window", "1"]),
        "large-16": rate("4 KiB, 16 in flight", LARGE),
        "json-16": rate("256 bytes in JSON, 16 in flight", ["relay", "--window", "16"], servers=["lethe-json"]),
        "latency": Row("99th percentile at 10,000 messages a second, µs", ["rate", "--rate", "10000"], "p99_us", "µs", more=False),
    }),
    "growth": ("What a message costs while the server knows and holds more: 256 bytes, 64 active pairs", growth()),
    "fan-out": ("One message of 4 KiB for 1,000 recipients", fan_out()),
    "storm": ("Sessions opened one after the other, with full TLS 1.3 handshakes", {
        "storm": rate("sessions opened a second", STORM, "sessions_per_second"),
        "storm-cost": cost("µs of processor time to open one", STORM, "server_us_per_session"),
    }),
    "threads": ("More threads, 128 pairs", threads()),
    "queue": ("Messages that wait", queue()),
    "idle": ("Sessions that say nothing", {
        "idle": Row("resident bytes of a session", ["idle", "--sessions", "2000", "--threads", "32"], "bytes_per_session", "bytes", more=False, options=LAZY),
    }),
    "group": ("Groups of eight, a quarter of them phones that come and go, 500 messages a second", {
        "group": Row("99th percentile, µs", ["group", "--sessions", "160", "--rate", "500"], "p99_us", "µs", servers=["lethe"], more=False),
    }),
}
ROWS = {name: row for _, rows in TABLES.values() for name, row in rows.items()}
