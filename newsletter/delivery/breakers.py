"""The circuit breakers: figures at which an issue stops by itself and waits for a person. Pure.

Each has a floor below which it is silent, because a share of few says nothing: of nine readers, one
full mailbox is eleven percent. The floors are as low as a true alarm allows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

LEAST_ANSWERS = 20
"""And one full batch: what is wrong with the letter itself shows in the first one already, while
the last few of a batch that was tried again may well be all bad."""

LEAST_BOUNCES = 10
"""Of a small list five percent are one or two people who changed jobs."""

LEAST_COMPLAINTS = 3
"""One reader in a thousand is the limit that mailbox providers set: below three thousand readers it
would be a single one, who may have hit the wrong button."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of one issue, in copies.

    Attributes:
        eligible: its audience.
        accepted: how often the transport said that it took a copy; twice for one that it took twice.
        rejected: refused for good.
        bounced: came back for good after they had been accepted.
        complained: reported as spam.
        full_batch: the size of its largest batch.
        foreign: accepted copies that the provider knows and these books do not.
    """

    eligible: int
    accepted: int = 0
    rejected: int = 0
    bounced: int = 0
    complained: int = 0
    full_batch: int = 0
    foreign: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """Shares at which an issue stops, in percent."""

    rejections: float = 10
    bounces: float = 5
    complaints: float = 0.1


@dataclass(frozen=True, slots=True)
class Trip:
    """One breaker that opened.

    Attributes:
        code: which; stable.
        figure: the count that opened it.
        because: what was counted, in a sentence that the figure begins.
    """

    code: str
    figure: int
    because: str

    @property
    def detail(self) -> str:
        """Say the figure and what it is, in this order: ``passed`` finds it again by that."""
        return f"{self.figure} {self.because}"


def tripped(figures: Figures, limits: Limits, passed: Mapping[str, int]) -> Trip | None:
    """Give the first breaker that opens.

    Whoever resumes an issue has seen the figure and lets it pass, of this issue and this breaker
    alone, until it has doubled: what was seen cannot stop the issue a second time, and what grows
    on does.

    Args:
        figures: what is known of the issue.
        limits: at which it stops.
        passed: figures that a person let pass, by the code of the breaker.
    """
    opened = _opened(figures, limits)
    return next((trip for trip in opened if trip.figure >= 2 * passed.get(trip.code, 0)), None)


def _opened(figures: Figures, limits: Limits) -> Iterator[Trip]:
    if figures.foreign > 0:
        yield Trip(
            "foreign-copies",
            figures.foreign,
            "accepted copies are known to the provider and not to these books: another database, "
            "of which this is a copy or a backup, may be sending too.",
        )
    if (excess := figures.accepted - figures.eligible) > 0:
        yield Trip(
            "accepted-over-audience",
            excess,
            f"more copies were accepted than the {figures.eligible} readers it has: somebody may "
            "have got it twice.",
        )
    answers = figures.accepted + figures.rejected
    if answers >= max(LEAST_ANSWERS, figures.full_batch) and _share(
        figures.rejected, answers, limits.rejections
    ):
        yield Trip(
            "rejections", figures.rejected, _of(answers, "copies were rejected", limits.rejections)
        )
    if figures.bounced >= LEAST_BOUNCES and _share(
        figures.bounced, figures.accepted, limits.bounces
    ):
        yield Trip(
            "bounces",
            figures.bounced,
            _of(figures.accepted, "accepted copies bounced for good", limits.bounces),
        )
    if figures.complained >= LEAST_COMPLAINTS and _share(
        figures.complained, figures.accepted, limits.complaints
    ):
        yield Trip(
            "complaints",
            figures.complained,
            _of(figures.accepted, "accepted copies were reported as spam", limits.complaints),
        )


def _share(part: int, whole: int, percent: float) -> bool:
    return part > 0 and part * 100 >= percent * whole


def _of(whole: int, what: str, percent: float) -> str:
    return f"of {whole} {what}; the limit is {percent:g} %."
