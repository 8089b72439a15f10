"""The stage of one bench worker: its databases and its provider, on which it plays trials."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from signal import SIGKILL
from time import perf_counter

from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from tests.faults import controls, scripts
from tests.faults.grounds import Ground, postgres_ground, spoil_an_address, sqlite_ground
from tests.faults.judging import Finding, Played, is_settled, judge, rows_of
from tests.faults.provider import Provider, provider
from tests.faults.runs import Surroundings, Work, send, together
from tests.faults.surroundings import ISSUE, ShiftedClock, coming_slot
from tests.faults.trials import WEBHOOKS, Kind, Trial
from tests.faults.webhooks import FATES, Telling
from tests.faults.workers import work as work_as_worker

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 10, 4, 8, 12, 16, 16, 30, 60, 240, 1))
"""How much time passes before each further start: at first a lease, in the end all patience.

And a minute more: what turns out only then not to have left is too late to leave by itself, and goes
on by the word that each start gives.
"""

FAULTS_END = 4
"""After so many starts everything works again: what is promised is promised for then."""


@dataclass(slots=True)
class Stage:
    """Where trials are played, one after another."""

    folder: Path
    grounds: Mapping[Kind, Ground]
    provider: Provider
    clock: ShiftedClock
    telling: Telling = field(init=False)

    def __post_init__(self) -> None:
        """Take the provider's webhook."""
        self.telling = Telling(self.provider)

    @property
    def data(self) -> Path:
        """Give the data folder of the processes."""
        return self.folder / "data"

    @property
    def troubles(self) -> Path:
        """Give the file in which processes leave the errors that they end with."""
        return self.folder / "troubles.txt"

    def play(self, trial: Trial) -> Played:
        """Play one trial from a fresh start until it is quiet, or for as long as is patient."""
        begun = perf_counter()
        self.prepare(trial)
        killed = self.start(trial, trial.fault)
        played = self.go_on(trial, killed=killed)
        return replace(played, seconds=perf_counter() - begun)

    def prepare(self, trial: Trial) -> None:
        """Make everything as it was at first, and have the trial's script in store."""
        script, ground = scripts.read(trial.script, trial.handover), self.grounds[trial.kind]
        self.troubles.unlink(missing_ok=True)
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(mode=0o700)
        self.clock.renew()
        ground.renew()
        if script.spoilt:
            spoil_an_address(ground)
        self.provider.renew(script, self.clock.shift)
        if trial.hears:
            self.telling.renew()

    def start(self, trial: Trial, fault: str = "") -> bool:
        """Run all workers; say whether one was killed."""
        surroundings = self.surroundings(trial)
        work: Work = partial(_process_of(trial), surroundings)
        codes = together([work] * trial.workers, fault=fault, troubles=self.troubles)
        if trial.hears:
            codes.append(self.telling.tell(surroundings, fault=fault, troubles=self.troubles))
        return -SIGKILL in codes

    def go_on(self, trial: Trial, *, killed: bool = False) -> Played:
        """Start it again and again until it is quiet; its fault waits until it has killed once."""
        ground, starts = self.grounds[trial.kind], 1
        for pause in PAUSES:
            if self._is_quiet(trial):
                break
            self.let_pass(pause)
            if trial.engine == "workers":
                ground.let_pass(pause)
            if starts == FAULTS_END:
                self.provider.end_faults()
            killed |= self.start(trial, "" if killed else trial.fault)
            starts += 1
        return Played(
            trial,
            self.finding(trial),
            killed,
            starts,
            minutes=self.clock.passed.total_seconds() / 60,
            troubles=self._troubles(),
        )

    def let_pass(self, pause: timedelta) -> None:
        """Let time pass for everybody."""
        self.clock.advance(pause)
        self.provider.advance(pause)

    def surroundings(self, trial: Trial) -> Surroundings:
        """Give what one process finds when it starts."""
        return Surroundings(
            self.grounds[trial.kind],
            self.provider.postmark.url,
            trial,
            self.clock,
            self.data,
        )

    def finding(self, trial: Trial) -> Finding:
        """Compare the three sources as they are now."""
        rows, issue = rows_of(self.grounds[trial.kind].database)
        script = scripts.read(trial.script, trial.handover)
        fates = FATES if trial.hears else {}
        return judge(
            rows,
            self.provider.copies(),
            settled=is_settled(issue),
            fates=fates,
            refused=script.refused,
            alone=script.alone,
            cancelled=issue.state == IssueState.CANCELLED,
        )

    def _is_quiet(self, trial: Trial) -> bool:
        database = self.grounds[trial.kind].database
        with database.reading() as session:
            quiet = is_settled(session.get_one(Issue, ISSUE))
        quiet = quiet and (not trial.hears or self.telling.is_over(database))
        database.close()
        return quiet

    def _troubles(self) -> tuple[str, ...]:
        if not self.troubles.exists():
            return ()
        return tuple(sorted(set(self.troubles.read_text().splitlines())))


def _process_of(trial: Trial) -> Callable[[Surroundings], None]:
    """Give what each process of a trial is."""
    if trial.design != "product":
        return controls.DESIGNS[trial.design]
    return work_as_worker if trial.engine == "workers" else send


@contextmanager
def stage(folder: Path, postgres: str | None) -> Iterator[Stage]:
    """Set a stage up, and clear it away at the end.

    Args:
        folder: an empty one of its own.
        postgres: URL of a server; None to play on SQLite alone.
    """
    slot = coming_slot()
    with ExitStack() as stack:
        grounds: dict[Kind, Ground] = {"sqlite": stack.enter_context(sqlite_ground(folder, slot))}
        if postgres:
            grounds["postgresql"] = stack.enter_context(postgres_ground(postgres, slot))
        made = Stage(folder, grounds, stack.enter_context(provider(folder)), ShiftedClock(slot))
        for kind in grounds:
            _rehearse(made, Trial(script=_REHEARSED, kind=kind))
        yield made


_REHEARSED = f"drop-answer@1+reset@4+{WEBHOOKS}"


def _rehearse(made: Stage, trial: Trial) -> None:
    """Play a trial in this very process: the SQL that it writes, all that are forked from it have.

    Half of what a short-lived process does is otherwise to write the same statements again.
    """
    made.prepare(trial)
    surroundings = made.surroundings(trial)
    for pause in PAUSES[:FAULTS_END]:
        send(surroundings)
        made.let_pass(pause)
    service = surroundings.service()
    for body in made.telling.let_happen():
        service.listener.hear(body)
    service.close()
