"""One case on a connection of its own."""
from kit.check import Failure
from .wire import Wire


def run_one(one, target):
    """The failure's text, or None."""
    wire = None
    try:
        if not one.raw:
            wire = Wire(target, one.encoding)
        one.run(target if one.raw else wire)
    except (Failure, AssertionError) as failure:
        return str(failure)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    finally:
        if wire:
            wire.end()
    return None
