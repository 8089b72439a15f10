"""Named places where the fault bench may stop the program; they do nothing otherwise.

``NEWSLETTER_FAULT=<name>`` or ``<name>:<nth>`` makes the nth arrival at that place kill the
process, as a power cut would; ``<name>:<nth>:STOP`` freezes it there until somebody lets it go on,
and ``<name>:<nth>:TERM`` asks it to end, as a deploy does. A crash between any two steps of a
delivery is a promise of this product, so the places belong to it and not to a patched copy.
"""

import itertools
import os
import signal

_counters: dict[str, "itertools.count[int]"] = {}


def point(name: str) -> None:
    """Be the named place."""
    wanted, _, rest = os.environ.get("NEWSLETTER_FAULT", "").partition(":")
    if name != wanted:
        return
    nth, _, kind = rest.partition(":")
    if next(_counters.setdefault(name, itertools.count(1))) == int(nth or 1):
        os.kill(os.getpid(), signal.Signals[f"SIG{kind or 'KILL'}"])
