"""``python -m newsletter.testing.postmark``: run the loopback Postmark until it is stopped."""

import argparse
import json
import os
import sys
import threading
from pathlib import Path

from newsletter.testing.postmark.application import Application
from newsletter.testing.postmark.clock import VirtualClock
from newsletter.testing.postmark.faults import Rule
from newsletter.testing.postmark.ledger import Ledger
from newsletter.testing.postmark.server import Server
from schedules.clock import system_clock


def main() -> None:
    """Listen, print the address as the first line, and serve."""
    options = _options()
    ledger = Ledger(options.log, keep_bodies=options.keep_bodies)
    application = Application(options.token, ledger, VirtualClock(system_clock))
    if options.plan:
        application.plan.set([Rule(**rule) for rule in json.loads(options.plan.read_text())])
    with Server(options.host, options.port, application) as server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        if options.until_input_ends:
            threading.Thread(target=_exit_after_input, daemon=True).start()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            sys.stderr.write("stopped\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m newsletter.testing.postmark",
        description="A Postmark on this machine: it takes messages, keeps a log, delivers nothing.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=0, help="port to listen on, 0 for a free one")
    parser.add_argument("--token", default="loopback-token", help="server token to accept")
    parser.add_argument(
        "--log",
        type=Path,
        default=Path("loopback-postmark.jsonl"),
        help="file for a line per accepted message",
    )
    parser.add_argument("--keep-bodies", action="store_true", help="log rendered content as well")
    parser.add_argument("--plan", type=Path, help="JSON file with a list of faults")
    parser.add_argument(
        "--until-input-ends", action="store_true", help="stop when standard input is closed"
    )
    return parser.parse_args()


def _exit_after_input() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
