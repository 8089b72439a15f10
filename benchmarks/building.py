"""Building an issue of eight cards, from the database to the frozen bytes: CPU of each step.

Run with ``python -m benchmarks.building``. All steps take turns in each round. "Stored" uses the
extracts made at import; "stale" finds none and reads every review again. A first round warms up:
what a new process does once, compiling templates and statements, is not counted. Compare only
within one run.
"""

import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from mjml import mjml2html
from sqlalchemy import delete
from sqlmodel import Session

from benchmarks.catalogue import NOW, stocked_service
from newsletter.content.catalogue import extracts
from newsletter.content.catalogue.models import ExtractsRow
from newsletter.content.verdicts import stance
from newsletter.issues.building import select_for, summarised
from newsletter.rendering.issue_view import issue_view
from newsletter.rendering.letter import digest_mjml, personal_marks, render
from newsletter.service import Service

BUDGET = 150.0
ROUNDS = 15
CATALOGUES = (100, 2_000)
NONCE = "benchmark0nonce"

STALE = "the whole, extracts stale"
STORED = "the whole, extracts stored"
COMPILER = "  of it mjml2html alone"
PARTS = ("choose", "summarise, extracts stored", "view", "render: Jinja2, MJML, text")

Action = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to measure, and what has to be done before it each time."""

    name: str
    act: Action
    prepare: Action = tuple


def main() -> None:
    """Measure with a catalogue of either size, and print a table each."""
    for size in CATALOGUES:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            wired = stocked_service(folder, size)
            stack.callback(wired.close)
            _print(size, measure(steps(wired)))


def steps(wired: Service) -> list[Step]:
    """Give the steps of a build one by one, and the build as an editor starts it."""
    desk, slot = wired.desk, wired.desk.slots.next()

    def in_session(act: Callable[[Session], object]) -> Action:
        def opened() -> None:
            with wired.database.writing() as session:
                act(session)

        return opened

    def forget(session: Session) -> None:
        session.execute(delete(ExtractsRow))
        stance.score.cache_clear()

    def build() -> None:
        desk.build(slot, actor="benchmark")

    with wired.database.writing() as session:
        selection = select_for(session, desk.press.rules, slot.local_date)
        chosen = [decision.entry for decision in selection.chosen]
        items = summarised(chosen, extracts.fresh(session, chosen, now=NOW))
    view = issue_view(number=1, date=slot.local_date, items=items, brand=desk.press.brand)
    mjml = digest_mjml(view, personal_marks(NONCE))
    choose, summarise, compose, write = PARTS
    return [
        Step(choose, in_session(lambda s: select_for(s, desk.press.rules, slot.local_date))),
        Step(
            summarise,
            in_session(lambda s: summarised(chosen, extracts.fresh(s, chosen, now=NOW))),
        ),
        Step(
            compose,
            lambda: issue_view(number=1, date=slot.local_date, items=items, brand=desk.press.brand),
        ),
        Step(write, lambda: render(view, NONCE)),
        Step(COMPILER, lambda: mjml2html(mjml, fonts={})),
        Step(STORED, build),
        Step(STALE, build, prepare=in_session(forget)),
    ]


def measure(steps: list[Step]) -> dict[str, float]:
    """Give the median CPU of each step in milliseconds; a first round warms up and is not counted.

    The steps go from the last to the first, so that what is stored follows what was stale.
    """
    taken: dict[str, list[float]] = {step.name: [] for step in steps}
    for _ in range(ROUNDS + 1):
        for step in reversed(steps):
            step.prepare()
            before = time.process_time()
            step.act()
            taken[step.name].append((time.process_time() - before) * 1e3)
    return {name: median(values[1:]) for name, values in taken.items()}


def _print(size: int, cpu: dict[str, float]) -> None:
    rest = "freeze: JSON, hash, rows"
    figures = {
        **{name: cpu[name] for name in PARTS},
        COMPILER: cpu[COMPILER],
        rest: cpu[STORED] - sum(cpu[name] for name in PARTS),
        STORED: cpu[STORED],
        STALE: cpu[STALE],
    }
    print(f"\n| eight cards of {size:,} comparisons | CPU ms | of {BUDGET:.0f} ms | of mjml2html |")
    print("|---|---:|---:|---:|")
    for name, spent in figures.items():
        share, times = spent / BUDGET, spent / cpu[COMPILER]
        print(f"| {name} | {spent:.1f} | {share:.0%} | {times:.1f}x |")


if __name__ == "__main__":
    main()
