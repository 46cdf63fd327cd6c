#!/usr/bin/python3 -B
"""Every check of the kit quotes a sentence that stands in docs/protocol.md. Prints those that don't."""
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import checks
from kit.check import CHECKS, load


def plain(text):
    return re.sub(r"\s+", " ", text)


def main():
    load(checks)
    page = plain((HERE / "../../docs/protocol.md").read_text("utf-8"))
    strange = sorted({f"{check.name}: {check.sentence}" for check in CHECKS
                      if not all(plain(part).strip() in page for part in check.sentence.split(" … "))})
    print(*strange, sep="\n")
    print(f"{len(CHECKS)} checks, {len(strange)} of them quote what is not on the page")
    return 1 if strange or not CHECKS else 0


if __name__ == "__main__":
    sys.exit(main())
