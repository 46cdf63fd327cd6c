"""The table of checks, and the ways that one can end."""
import importlib
import pkgutil
from dataclasses import dataclass
from typing import Callable

BOTH = ("json", "binary")


class Failure(Exception):
    """The relay did something else than the page says; the text says what, in plain words."""


class Skipped(Exception):
    """The check can't be made on this relay; the text says why."""


@dataclass
class Check:
    name: str
    sentence: str            # of docs/protocol.md; parts of a longer one are joined by " … "
    run: Callable            # takes a Lab
    encoding: str
    alone: bool              # disturbs others, or is disturbed by them
    order: int               # among those that run alone


CHECKS = []


def check(name, sentence, encodings=BOTH, alone=False, order=0):
    """Registers a function as a check, once for each encoding."""
    def register(function):
        for encoding in encodings:
            full = f"{name} [{encoding}]" if len(encodings) > 1 else name
            CHECKS.append(Check(full, sentence, function, encoding, alone, order))
        return function
    return register


def demand(condition, otherwise):
    if not condition:
        raise Failure(otherwise)


def demand_equal(found, wanted, what):
    if found != wanted:
        raise Failure(f"{what} should be {wanted!r} and is {found!r}")


def load(package):
    """Every module of a package: what registers itself has done so then."""
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
