"""A process that sends one issue and has nothing in its memory but the service: for whole_send.

It prints a line of JSON when the audience is frozen, and another one when the books are closed.
"""

import json
import resource
import sys
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path

from newsletter.logs import set_up
from newsletter.settings import load
from newsletter.wiring import build


def main(now: str, settings: str) -> None:
    """Send one issue.

    Args:
        now: the instant as of which it is sent, with its time zone.
        settings: of the service, in JSON.
    """
    set_up("json", "warning")
    instant = datetime.fromisoformat(now)
    with closing(build(load(**json.loads(settings)), clock=lambda: instant)) as wired:
        issue = wired.desk.build(wired.desk.slots.next(), actor="benchmark")
        began = time.perf_counter()
        wired.dispatch.start(issue.number, actor="benchmark")
        print(json.dumps({"freezing": time.perf_counter() - began}), flush=True)
        cpu, wall = time.process_time(), time.perf_counter()
        wired.dispatch.deliver()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        books = wired.dispatch.books(issue.number)
        if not books.settled:
            sys.exit(f"the books do not balance: {books}")
        found = {"cpu": cpu / books.eligible * 1e6, "rate": books.eligible / wall}
        print(json.dumps({**found, "memory": _peak_memory()}), flush=True)
        sys.stdin.read()  # until the files were looked at


def _peak_memory() -> float:
    """Give the peak of this program in MB; what getrusage says begins with its parent's."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    [line] = [one for one in status.read_text().splitlines() if one.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
