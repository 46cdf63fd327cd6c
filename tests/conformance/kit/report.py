"""Runs checks, and says how they went."""
import json
import os
import sys
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

from .check import Failure, Skipped
from .lab import Lab

AT_ONCE = 12
BREAK = "\n                   "


class Outcome:
    def __init__(self, check, verdict, text, seconds):
        self.check, self.verdict, self.text, self.seconds = check, verdict, text, seconds

    def as_json(self):
        return {"name": self.check.name, "sentence": self.check.sentence, "verdict": self.verdict, "text": self.text,
                "seconds": round(self.seconds, 2)}


def run_one(check, options):
    lab, began = Lab(options, check.encoding), time.monotonic()
    try:
        check.run(lab)
        verdict, text = "passed", ""
    except Skipped as reason:
        verdict, text = "skipped", str(reason)
    except Failure as failure:
        verdict, text = "failed", str(failure)
    except Exception as error:   # a field that isn't there, a connection that is cut: the relay's fault as well
        place = traceback.extract_tb(error.__traceback__)[-1]
        verdict, text = "failed", f"{type(error).__name__}: {error} ({os.path.basename(place.filename)}:{place.lineno})"
    finally:
        lab.end()
    return Outcome(check, verdict, text, time.monotonic() - began)


def run_all(checks, options):
    """Outcomes in the order of the table. Those that may, run side by side, the rest after them."""
    lock, outcomes = threading.Lock(), {}

    def run(check):
        outcome = run_one(check, options)
        with lock:
            outcomes[check.name] = outcome
            show(outcome, options.verbose)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(run, [check for check in checks if not check.alone]))
    for check in sorted((check for check in checks if check.alone), key=lambda check: check.order):
        run(check)
    return [outcomes[check.name] for check in checks]


def show(outcome, verbose):
    if outcome.verdict == "passed" and not verbose:
        return
    print(f"{outcome.verdict.upper():8} {outcome.check.name} ({outcome.seconds:.1f} s)", flush=True)
    if outcome.verdict == "failed":
        print(f"         the page: {outcome.check.sentence}\n         the relay: {outcome.text.replace(chr(10), BREAK)}",
              flush=True)
    elif outcome.text:
        print(f"         {outcome.text}", flush=True)


def finish(outcomes, path, seconds):
    """The summary, and the report as a file; the exit status."""
    counts = {verdict: sum(outcome.verdict == verdict for outcome in outcomes)
              for verdict in ("passed", "failed", "skipped")}
    if path:
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"seconds": round(seconds, 1), **counts, "checks": [outcome.as_json() for outcome in outcomes]}, file,
                      indent=1)
    if counts["failed"]:
        print("\nFailed:")
        for outcome in outcomes:
            if outcome.verdict == "failed":
                print(f"  {outcome.check.name}")
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    print(f"\n{len(outcomes)} checks in {seconds:.0f} s: {told}")
    sys.stdout.flush()
    return 1 if counts["failed"] else 0
