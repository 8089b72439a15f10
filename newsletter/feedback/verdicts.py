"""What all that was told adds up to, whatever the order in which it came. Pure.

Both functions are given sets and look at nothing but the events' own instants, so an event that
comes late, twice or before its cause leads to the same end.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise, takewhile

from newsletter.feedback.meanings import OfCopy, OfReader, Reason
from subscribers.states import State, strictest

SOFT_IN_A_ROW = 3
SOFT_FOR_AT_LEAST = timedelta(days=14)
SOFT_APART = timedelta(days=45)
"""So many copies that did not arrive, with no sign of life between, over so long: a dead mailbox.

Two of them farther apart than a reader's letters are, even those of who gets one a month, are not in a
row: what left between them arrived, though by SMTP, or without webhooks for deliveries, nobody says so.
"""

_GRAVITY = list(OfCopy)
_CLOSED = {
    OfReader.HARD: State.BOUNCED,
    OfReader.SUPPRESSED: State.SUPPRESSED,
    OfReader.COMPLAINED: State.COMPLAINED,
}
_AGAINST = frozenset({*_CLOSED, OfReader.SOFT})
STOPS = frozenset({OfReader.HARD, OfReader.SUPPRESSED, OfReader.LEFT})
"""After these the provider may be asked to write again; after a complaint it may not."""

LISTED = frozenset({Reason.HARD_BOUNCE, Reason.SUPPRESSED})
"""What puts an address on the provider's list of a stream for certain, and can be taken off again.

A refused letter is none of it: mostly its answer does not tell whether there was a complaint.
"""


@dataclass(frozen=True, slots=True)
class OnCopy:
    """One thing told about a copy: what it makes of it, since when, and why."""

    outcome: OfCopy
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OnReader:
    """One thing told about a reader.

    Attributes:
        says: what it says about them.
        at: when it happened.
        stream: on which of the provider's streams; None when that is not told.
        copy: of which issue it was about the copy; None for any other letter.
        reason: in a word.
        lasting: it says what is the case at that instant, and not since when.
    """

    says: OfReader
    at: datetime
    stream: str | None = None
    copy: int | None = None
    reason: str = ""
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Cuts:
    """What lies behind a reader.

    Attributes:
        released_at: when an operator last lifted whatever stood against them.
        yes_at: when their mailbox last said yes.
    """

    released_at: datetime | None = None
    yes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What stands against a reader, by the provider's word.

    Attributes:
        closed: the state that it calls for; None when nothing stands against them.
        left: the reader told the provider to stop.
        forgiven: something stood against them by itself, and stands no more.
        told: something was ever told against them that counts.
        reason: of the state, in a word.
    """

    closed: State | None = None
    left: bool = False
    forgiven: bool = False
    told: bool = False
    reason: str = ""


def gravest(told: Collection[OnCopy]) -> OnCopy | None:
    """Give the gravest thing told about a copy, the first of several; None for nothing."""
    return min(
        told, key=lambda one: (-_GRAVITY.index(one.outcome), one.at, one.reason), default=None
    )


def judge(told: Iterable[OnReader], cuts: Cuts) -> Verdict:
    """Say what stands against a reader.

    What happened before an operator's release counts no more, nor does what happened before the
    mailbox's own last yes, but for a complaint: only an operator lifts that. What is closed on a
    stream stays closed until the provider opens the same stream again, later than that.
    """
    told = list(told)
    against = any(one.says in _AGAINST and _counts(one, cuts) for one in told)
    counted = [one for one in _dated(told) if _counts(one, cuts)]
    left = any(one.says is OfReader.LEFT for one in counted)
    closing = [one for one in counted if one.says is OfReader.COMPLAINED] or [
        one for stream in _streams(counted) for one in _closing(_on(stream, counted))
    ]
    if not closing:
        forgiven = any(one.says in _CLOSED for one in counted)
        return Verdict(left=left, forgiven=forgiven, told=against)
    closed = strictest(*map(_state, closing))
    reason = min((one.at, one.reason) for one in closing if _state(one) is closed)[1]
    return Verdict(closed, left, told=True, reason=reason)


def waiting(told: Iterable[OnReader], yes_at: datetime) -> set[str]:
    """Say on which streams the provider still writes no more to who said yes again since then.

    Never where there is a complaint: only the provider lifts that.
    """
    told = _dated(list(told))
    last = {one.stream: _stopped(told, one.stream) for one in told if one.stream}
    return {stream for stream, at in last.items() if stream and at is not None and at < yes_at}


def suppressed_since(told: Iterable[OnReader], stream: str, cuts: Cuts) -> datetime | None:
    """Say when a provider last told that it suppresses a reader on a stream.

    None where its list of that stream cannot tell the end of what stands against them: nothing told
    for certain that they are on it, or something else stands as well, such as a complaint, soft
    bounces in a row, or what a mail server wrote.
    """
    told = list(told)
    dated = zip(told, _dated(told), strict=True)
    counted = [one for one, since in dated if _counts(since, cuts)]
    if any(one.says is OfReader.COMPLAINED for one in counted):
        return None
    closing = _closing(_on(stream, counted))
    if not all(one.stream == stream and one.says in STOPS for one in closing):
        return None
    is_listed = any(one.reason in LISTED for one in closing)
    return max(one.at for one in closing) if is_listed else None


def _dated(told: Collection[OnReader]) -> list[OnReader]:
    """Give what lasts the instant of what brought it about, where that is known.

    A provider that still refuses who said yes again, because it was not asked to write to them
    since, tells nothing new.
    """
    return [_since(one, told) if one.lasting else one for one in told]


def _since(one: OnReader, told: Collection[OnReader]) -> OnReader:
    before = [other for other in told if other.at <= one.at and not other.lasting]
    at = _stopped(before, one.stream)
    return one if at is None else replace(one, at=at)


def _stopped(told: Iterable[OnReader], stream: str | None) -> datetime | None:
    """Give when the provider last stopped on a stream, if it may be asked to write there again."""
    here = _in_force(_on(stream, told))
    if any(one.says is OfReader.COMPLAINED for one in here):
        return None
    return max((one.at for one in here if one.says in STOPS), default=None)


def _streams(told: Iterable[OnReader]) -> Iterable[str | None]:
    return {one.stream for one in told if one.stream} or {None}


def _counts(one: OnReader, cuts: Cuts) -> bool:
    if cuts.released_at is not None and one.at <= cuts.released_at:
        return False
    before = cuts.yes_at is not None and one.at <= cuts.yes_at
    return not before or one.says is OfReader.COMPLAINED


def _on(stream: str | None, told: Iterable[OnReader]) -> list[OnReader]:
    return sorted(
        (one for one in told if one.stream in (stream, None)), key=lambda one: (one.at, one.says)
    )


def _closing(told: list[OnReader]) -> list[OnReader]:
    """Give what is in force on one stream, of what was told about it in the order it happened."""
    since = _in_force(told)
    return [one for one in since if one.says in _CLOSED] + _run(since)


def _in_force(told: list[OnReader]) -> list[OnReader]:
    """Give what the provider told since it last opened the stream."""
    opened = max((one.at for one in told if one.says is OfReader.REOPENED), default=None)
    return [one for one in told if opened is None or one.at >= opened]


def _run(told: list[OnReader]) -> list[OnReader]:
    """Give the soft bounces since the last sign of life, if they are enough to stop writing."""
    newest_first = takewhile(lambda one: one.says is not OfReader.ALIVE, reversed(told))
    soft = _in_a_row(
        [one for one in newest_first if one.says is OfReader.SOFT and one.copy is not None]
    )
    copies = {one.copy for one in soft}
    long_enough = soft and soft[0].at - soft[-1].at >= SOFT_FOR_AT_LEAST
    return soft if long_enough and len(copies) >= SOFT_IN_A_ROW else []


def _in_a_row(newest_first: list[OnReader]) -> list[OnReader]:
    """Leave out what came before a gap."""
    apart = (
        place
        for place, (later, earlier) in enumerate(pairwise(newest_first), 1)
        if later.at - earlier.at > SOFT_APART
    )
    return newest_first[: next(apart, None)]


def _state(one: OnReader) -> State:
    return _CLOSED.get(one.says, State.BOUNCED)
