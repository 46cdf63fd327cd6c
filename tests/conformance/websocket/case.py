"""The table of cases."""
from dataclasses import dataclass
from typing import Callable


@dataclass
class Case:
    name: str
    section: str      # of RFC 6455, where nothing else is said
    wanted: str       # what it asks for
    run: Callable     # takes a Wire, or the Target where `raw`
    encoding: str
    raw: bool


CASES = []


def add(name, section, wanted, run, encoding="json", raw=False):
    CASES.append(Case(name, section, wanted, run, encoding, raw))


def case(name, section, wanted, encoding="json", raw=False):
    """The decorator's form of add()."""
    def register(function):
        add(name, section, wanted, function, encoding, raw)
        return function
    return register
