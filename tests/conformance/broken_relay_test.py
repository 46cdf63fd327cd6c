#!/usr/bin/python3 -B
"""The kits notice what they are there to notice: broken_relay_test.py LETHE.

A proxy stands before a real lethe and breaks what one side says. For each way of breaking it the named checks and cases
must fail, and all of them must pass where it breaks nothing.
"""
import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import breakages
import checks
from kit.check import CHECKS, load
from kit.report import run_one as run_check
from kit.trust import Target
from proxy import Broken, Proxy
from relay import Relay
from websocket import cases
from websocket.case import CASES
from websocket.run_one import run_one as run_case

AT_ONCE = 6     # checks of one breakage
SIDE_BY_SIDE = 4   # breakages; most of the time is spent waiting for what doesn't come


def verdicts(relay, broken, names):
    """Of checks and cases by name: None where it passed, else the failure's text."""
    with Proxy(relay, broken) as proxy:
        target = Target(proxy.url, ca=relay.certificate)
        options = argparse.Namespace(target=target, admission=None, slow=False, budget=1, restart=None)
        checks_by_name = {check.name: check for check in CHECKS}
        cases_by_name = {case.name: case for case in CASES}

        def verdict(name):
            if name in cases_by_name:
                return run_case(cases_by_name[name], target)
            outcome = run_check(checks_by_name[name], options)
            return None if outcome.verdict == "passed" else f"{outcome.verdict}: {outcome.text}"

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return dict(zip(names, pool.map(verdict, names)))


def main():
    load(checks)
    load(cases)
    began, wrong = time.monotonic(), []
    every = sorted({name for _, _, names in breakages.BREAKAGES for name in names})
    if unknown := set(every) - {one.name for one in [*CHECKS, *CASES]}:
        sys.exit(f"there is no check or case of this name: {sorted(unknown)}")
    with Relay(sys.argv[1], "--limits.session.handshakes_per_second", "100000") as relay:
        for name, text in verdicts(relay, Broken, [name for name in every
                                                   if name not in breakages.NOT_THROUGH_A_PROXY]).items():
            if text is not None:
                wrong.append(f"{name} fails where nothing is broken: {text}")
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            found = pool.map(lambda breakage: verdicts(relay, breakage[1], breakage[2]), breakages.BREAKAGES)
        for (what, _, _), texts in zip(breakages.BREAKAGES, found):
            for name, text in texts.items():
                noticed = text is not None and not text.startswith("skipped")
                print(f"{'noticed' if noticed else 'MISSED':8} {what}: {name}{': ' + text if noticed else ''}", flush=True)
                if not noticed:
                    wrong.append(f"{name} doesn't notice: {what}")
    print(*wrong, sep="\n")
    counts = f"{len(breakages.BREAKAGES)} ways to break a relay, {len(every)} checks and cases, {len(wrong)} wrong"
    print(f"{counts}, {time.monotonic() - began:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
