"""``python -m tests.faults``: play the trials, print the figures, fail when a promise was broken."""

import argparse
import os
import signal
import sys
from contextlib import ExitStack
from time import perf_counter

from rich.console import Console
from rich.progress import Progress

from tests.faults import bench, controls, planning, report
from tests.faults.judging import Played
from tests.faults.trials import Kind, Trial
from tests.postgres import PostgresMissing, running_postgres

A_LINE = 250
"""Trials after which a log gets a line."""


def main() -> int:
    """Run the bench; 0 when every promise was kept and the bench can see, else 1."""
    options = _options()
    signal.signal(signal.SIGTERM, _end)
    bench.alone()
    with ExitStack() as stack:
        try:
            postgres = stack.enter_context(running_postgres())
            kinds: tuple[Kind, ...] = ("sqlite", "postgresql")
        except PostgresMissing:
            postgres, kinds = None, ("sqlite",)
        planned = planning.plan(options.trials, options.seed, kinds=kinds)
        chosen = [trial for trial in planned if options.only in trial.name]
        trials = chosen + controls.trials(kinds)
        played = _play(trials, options.jobs, postgres)
    run = report.Run.of(played, seed=options.seed, whole=not options.only)
    sys.stdout.write(report.as_text(run))
    if options.record:
        report.record(run, options.record)
    return 0 if run.is_passed else 1


def _play(trials: list[Trial], jobs: int, postgres: str | None) -> list[Played]:
    """Play them all; whoever watches a terminal sees a bar, and a log gets a line now and then."""
    console = Console(stderr=True)
    begun, so_far = perf_counter(), list[Played]()
    with Progress(console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("trials", total=len(trials))

        def progress(one: Played) -> None:
            so_far.append(one)
            bar.advance(task)
            if told := report.broken(one):
                bar.console.print(told, markup=False)
            if not console.is_terminal and len(so_far) % A_LINE == 0:
                told = report.so_far(so_far, len(trials), perf_counter() - begun)
                console.print(told, highlight=False, soft_wrap=True)

        return bench.play(trials, jobs=jobs, postgres=postgres, progress=progress)


def _end(_signal: int, _frame: object) -> None:
    """End as on any error: the bench workers and the servers end with it."""
    sys.exit(128 + signal.SIGTERM)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults",
        description=__doc__,
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--trials", type=int, default=600, help="how many of the product")
    parser.add_argument("--seed", type=int, default=1, help="of all that is left to chance")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="bench workers")
    parser.add_argument("--only", default="", help="a part of the names of the trials to play")
    parser.add_argument("--record", type=report.recordable, help="document to renew")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
