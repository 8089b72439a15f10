"""A run told in words and tables: on the screen, and in docs/reliability.md between its marks."""

import os
import platform
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from schedules.clock import system_clock
from tests.faults import controls
from tests.faults.figures import Figures, unreached
from tests.faults.judging import Played
from tests.faults.points import reachable

BEGIN, END = "<!-- faults: written by make faults -->", "<!-- faults: end -->"

_ROOT = Path(__file__).parents[2]
_MOST_SHOWN = 12
_PLURAL = {"process": "processes", "worker": "workers"}
_LIBRARIES = ("SQLAlchemy", "psycopg", "requests", "postmarker")


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the bench.

    Attributes:
        product: what the trials of the product came to.
        controls: what those of the broken designs came to.
        seed: of the plan.
        whole: whether the plan was played as a whole, so that every point must have been reached.
    """

    product: tuple[Played, ...]
    controls: tuple[Played, ...]
    seed: int
    whole: bool

    @classmethod
    def of(cls, played: Sequence[Played], *, seed: int, whole: bool) -> "Run":
        """Sort what was played."""
        return cls(
            tuple(one for one in played if one.trial.design == "product"),
            tuple(one for one in played if one.trial.design != "product"),
            seed,
            whole,
        )

    @property
    def complaints(self) -> list[str]:
        """Say what is wrong: promises that were broken, and what the bench failed to see."""
        found = [told for one in self.product if (told := broken(one))]
        shown = found[:_MOST_SHOWN]
        if len(found) > _MOST_SHOWN:
            shown.append(f"… and {len(found) - _MOST_SHOWN} more trials")
        kinds = {one.trial.kind for one in self.product}
        missed = unreached(self.product, reachable(kinds)) if self.whole else []
        return [
            *shown,
            *(f"never reached: {point}" for point in missed),
            *controls.blind_to(self.controls),
        ]

    @property
    def is_passed(self) -> bool:
        """Say whether there is nothing to complain about."""
        return not self.complaints


def as_text(run: Run) -> str:
    """Tell a run to whoever started it."""
    details = [*_held(run), *_open(run), *_troubles(run), *_slowest(run)]
    return "\n".join([*_table(run), "", *details, *run.complaints, ""])


def so_far(played: Sequence[Played], total: int, seconds: float) -> str:
    """Tell in a line how far a run is, so that one that is ended early says something as well."""
    product = [one for one in played if one.trial.design == "product"]
    sums = Figures.of(product)
    return (
        f"{len(played)} of {total} after {seconds:.0f} s: {sums.killed} killed, {sums.duplicated} "
        f"duplicated, {sums.lost} lost, {sums.wrong} wrong, {sums.unsettled} never settled"
    )


def broken(played: Played) -> str | None:
    """Say what promise a trial has broken; None where it is none of the product's, or none was."""
    if played.trial.design != "product" or played.finding.is_sound:
        return None
    return f"broken: {played.trial.name}: {_sentence(played)}"


def record(run: Run, document: Path) -> None:
    """Write a run into a document, between its marks."""
    before, after = _around(document)
    broken = [f"- {complaint}" for complaint in run.complaints]
    told = "\n".join([*_particulars(run), "", *_table(run), "", *_held(run), *broken])
    document.write_text(f"{before}{BEGIN}\n\n{told.rstrip()}\n\n{END}{after}")


def recordable(name: str) -> Path:
    """Take the name of a document that has the marks; asked before hours are spent.

    Raises:
        ValueError: when it has not.
    """
    _around(Path(name))
    return Path(name)


def _around(document: Path) -> tuple[str, str]:
    before, begin, rest = document.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{document} has no place for figures: {BEGIN} … {END}")
    return before, after


_COLUMNS: Sequence[tuple[str, Callable[[Figures], object]]] = (
    ("trials", lambda figures: figures.trials),
    ("killed", lambda figures: figures.killed),
    ("duplicated", lambda figures: figures.duplicated),
    ("lost", lambda figures: figures.lost),
    ("held", lambda figures: figures.held.total()),
    ("wrong state", lambda figures: figures.wrong),
    ("never settled", lambda figures: figures.unsettled),
    ("usual min", lambda figures: f"{figures.usual_minutes:.0f}"),
    ("worst min", lambda figures: f"{figures.worst_minutes:.0f}"),
)


def _table(run: Run) -> list[str]:
    rows = [("all of the product", run.product), *_groups(run.product), *_groups(run.controls)]
    lines = [f"| | {' | '.join(name for name, _ in _COLUMNS)} |", "|---" * 10 + "|"]
    for name, played in rows:
        sums = Figures.of(played)
        lines.append(f"| {name} | {' | '.join(str(value(sums)) for _, value in _COLUMNS)} |")
    return lines


def _groups(played: Sequence[Played]) -> list[tuple[str, list[Played]]]:
    """Group the product's trials by their surroundings, and the controls by design."""
    groups: dict[str, list[Played]] = {}
    for one in played:
        trial = one.trial
        if trial.design == "product":
            what = "worker" if trial.engine == "workers" else "process"
            many = f"one {what}" if trial.workers == 1 else f"{trial.workers} {_PLURAL[what]}"
            names = [f"{trial.kind}, {many}", f"hand-over {trial.handover}"]
            names.append("killed" if one.killed else "nobody killed")
            names += ["with webhooks"] * trial.hears
        else:
            names = [f"control: {trial.design}"]
        for name in names:
            groups.setdefault(name, []).append(one)
    return sorted(groups.items())


def _held(run: Run) -> list[str]:
    reasons = Figures.of(run.product).held
    return [f"- held, {reason}: {count} readers" for reason, count in reasons.most_common()]


def _troubles(run: Run) -> list[str]:
    counted = Counter(line for one in run.product for line in one.troubles)
    return [f"- ended with {line[:200]}: {count}" for line, count in counted.most_common(8)]


def _open(run: Run) -> list[str]:
    still = [one.trial.name for one in run.product if not one.finding.settled]
    return [f"- not settled: {name}" for name in still[:_MOST_SHOWN]]


def _slowest(run: Run) -> list[str]:
    slow = sorted(run.product, key=lambda one: -one.seconds)
    return [f"- took {one.seconds:.1f} s: {one.trial.name}" for one in slow[:3]]


def _particulars(run: Run) -> list[str]:
    versions = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    when = f"{len(run.product)} trials on {system_clock():%d %B %Y}, seed {run.seed}"
    python = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return [f"{when}, commit {_commit()}; {python}, {versions}; {_machine()}."]


def _commit() -> str:
    asked = ["git", "describe", "--always", "--dirty"]
    done = subprocess.run(asked, cwd=_ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def _machine() -> str:
    return f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores"


def _sentence(played: Played) -> str:
    found = played.finding
    facts = {
        "duplicated": found.duplicated,
        "lost": found.lost,
        "never settled": found.unsettled,
    }
    return ", ".join(
        [*(f"{n} {name}" for name, n in facts.items() if n), *sorted(set(found.wrong))]
    )
