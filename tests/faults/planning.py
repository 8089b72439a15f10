"""Which trials are played: layers that cover everything once, then a seeded sample of the rest."""

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product

from tests.faults import scripts
from tests.faults.matrix import ROWS
from tests.faults.points import by_webhooks, by_workers, reachable
from tests.faults.trials import HANDOVERS, KINDS, WEBHOOKS, Engine, Handover, Kind, Trial

DOUBT = "drop-answer@1"
"""After it there is something to reconcile."""

EVERY_WAY = "drop-answer@1+reset@4"
"""Leads past every point of a reconciler: what is found, and what is absent with nothing after it."""

CORE = (
    *("drop-answer@1", "drop-answer@2", "slow@1", "slow-lost@1", "reset@1", "error-500@1"),
    *("truncated@2", "short@1", "reordered@2", "too-many@1", "drop-answer@1+lag"),
    *("drop-answer@1+down", "drop-answer@2+hide", "suppressed", "spoilt"),
    *("drop-answer@1+webhooks", "slow@2+webhooks"),
    *("drop-answer@1+slow-jobs", "reset@2+jobs.html-502@1"),
)
"""Provider's faults that are crossed with every point."""

WHOLE = (scripts.SUPPRESSED, scripts.SPOILT, scripts.SLOW_JOBS, *scripts.INDEX)
"""Words that are no fault of a call."""

_WORKERS = (1, 3)

_PLACES: dict[Handover, tuple[str, ...]] = {
    "template": ("", "", "", "search.", "templates."),
    "batch": ("", "search."),
    "bulk": ("", "", "search.", "jobs."),
}
"""Where a fault strikes: words before its name, as often as they are to be likely."""


def plan(count: int, seed: int, *, kinds: tuple[Kind, ...] = KINDS) -> list[Trial]:
    """Choose the trials of a run; the same for the same seed and source.

    Args:
        count: how many.
        seed: of all that is left to chance.
        kinds: the databases that there are.
    """
    chance = random.Random(seed)  # noqa: S311 -- nothing is guarded by it
    trials = (_staged(trial) for trial in _all(chance, kinds))
    return list(islice(_without_repetition(trials), count))


def least() -> int:
    """Give the number of trials from which on every row and every point is played."""
    trials = [trial for row in ROWS for trial in row.trials]
    new = set(reachable(KINDS)) - {trial.point for trial in trials}
    return len(trials) + len(new)


def _staged(trial: Trial) -> Trial:
    """Give a trial the surroundings in which its point can be reached."""
    if by_workers(trial.point):
        trial = replace(trial, engine="workers", kind="postgresql")
    if by_webhooks(trial.point) and not trial.hears:
        script = "" if trial.script == scripts.WELL else f"{trial.script}+"
        trial = replace(trial, script=script + WEBHOOKS)
    return trial


def _all(chance: random.Random, kinds: tuple[Kind, ...]) -> Iterator[Trial]:
    for layer in (_matrix, _each_point, _each_fault, _core):
        yield from layer(chance, kinds)
    while True:
        yield _any(chance, kinds)


def _matrix(chance: random.Random, kinds: tuple[Kind, ...]) -> Iterator[Trial]:
    """Play the trials of the fifty rows, each in some surroundings."""
    for trial in (trial for row in ROWS for trial in row.trials):
        handover = "template" if trial.point else chance.choice(_handovers(trial.script))
        if trial.engine == "local":
            yield replace(trial, kind=chance.choice(kinds), handover=handover)
        elif trial.kind in kinds:
            yield trial


def _each_point(chance: random.Random, kinds: tuple[Kind, ...]) -> Iterator[Trial]:
    """Reach every point, on a run in which all is well, and on one with doubt."""
    reached = {trial.point for row in ROWS for trial in row.trials}
    points = sorted(reachable(kinds), key=lambda point: point in reached)  # new ones first
    for script, point in product((EVERY_WAY, scripts.WELL), points):
        yield Trial(point, 1, script, chance.choice(kinds))


def _each_fault(chance: random.Random, kinds: tuple[Kind, ...]) -> Iterator[Trial]:
    """See every fault of the provider once, with nobody killed."""
    for word in (*(f"{fault}@1" for fault in scripts.call_faults()), *WHOLE):
        fitting = [one for one in HANDOVERS if scripts.fits(word, one)]
        script = f"{DOUBT}+{word}" if word in scripts.INDEX else word
        workers = chance.choice(_WORKERS)
        yield Trial(None, 1, script, chance.choice(kinds), workers, chance.choice(fitting))


def _core(chance: random.Random, kinds: tuple[Kind, ...]) -> Iterator[Trial]:
    """Cross points, occurrences, the provider's main faults, databases and numbers of workers."""
    crossed = [
        Trial(
            point,
            nth,
            script,
            kind,
            workers,
            chance.choice(_handovers(script)),
            engine=_engine(chance, kind),
        )
        for point, nth, script, kind, workers in product(
            reachable(kinds), (1, 2), (scripts.WELL, *CORE), kinds, _WORKERS
        )
    ]
    chance.shuffle(crossed)  # so that a part of them is a fair part
    yield from crossed


def _any(chance: random.Random, kinds: tuple[Kind, ...]) -> Trial:
    """Give any trial at all: up to three faults, on any calls, and any surroundings."""
    handover = chance.choice(HANDOVERS)
    words = [_word(chance, handover) for _ in range(chance.choice((1, 1, 2, 3)))]
    if chance.random() < 0.25:
        words.append(chance.choice([word for word in WHOLE if scripts.fits(word, handover)]))
    if chance.random() < 0.15:
        words.append(WEBHOOKS)
    kind = chance.choice(kinds)
    return Trial(
        chance.choice((None, *reachable(kinds))),
        chance.choice((1, 2)),
        "+".join(sorted(set(words))),
        kind,
        chance.choice(_WORKERS),
        handover,
        engine=_engine(chance, kind),
    )


def _engine(chance: random.Random, kind: Kind) -> Engine:
    engines: tuple[Engine, ...] = ("local", "local", "workers")
    return chance.choice(engines) if kind == "postgresql" else "local"


def _word(chance: random.Random, handover: Handover) -> str:
    place = chance.choice(_PLACES[handover])
    faults = [fault for fault in scripts.call_faults() if scripts.fits(f"{fault}@1", handover)]
    if place:
        faults = [fault for fault in faults if fault not in scripts.NEEDS_A_LIST]
    return f"{place}{chance.choice(faults)}@{chance.choice((1, 1, 2, 2, 3, 4, 0))}"


def _handovers(script: str) -> list[Handover]:
    return [handover for handover in HANDOVERS if scripts.fits(script, handover)]


def _without_repetition(trials: Iterator[Trial]) -> Iterator[Trial]:
    seen: set[Trial] = set()
    for trial in trials:
        if trial not in seen:
            seen.add(trial)
            yield trial
