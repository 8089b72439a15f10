"""Corrections in the database: published, amended, withdrawn, and read as they stand now."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from newsletter.corrections.lines import line_with, right_words
from newsletter.corrections.models import Correction
from newsletter.errors import NewsletterError
from newsletter.issues import frozen
from newsletter.issues.models import Issue
from newsletter.issues.seen import ChangedMeanwhile


class NoSuchCorrection(NewsletterError):
    """There is no such correction, or a later one stands in its place; see the issue's corrections."""

    code = "no-such-correction"


class NotOut(NewsletterError):
    """The issue has not begun to leave: change it instead of correcting it."""

    code = "not-out"


@dataclass(frozen=True, slots=True)
class Signed:
    """Who says it, and when.

    Attributes:
        at: the instant; aware.
        day: the day by the newsletter's calendar.
        actor: as the log calls them; no address.
    """

    at: datetime
    day: date
    actor: str


@dataclass(frozen=True, slots=True)
class Erratum:
    """What somebody wants to correct.

    Attributes:
        said: a line of the frozen issue, or a piece of one.
        right: what is right.
        comparison_id: row id of the match-up that says it; None for the issue's own lines.
        tool: the name of the tool whose line it is; empty where one tool alone has it.
    """

    said: str
    right: str
    comparison_id: int | None = None
    tool: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A correction as it stands now.

    Attributes:
        now: the latest word.
        history: all that was said about it, oldest first; the last one is ``now``.
    """

    now: Correction
    history: tuple[Correction, ...]


def drafted(issue: Issue, erratum: Erratum, signed: Signed) -> Correction:
    """Make a correction without storing it.

    Raises:
        NotOut: when the issue has not begun to leave.
        NotSaid: when it does not say that.
        WhichTool: when it says that of both tools.
        NothingRight: when nothing else is right.
    """
    if not issue.has_begun:
        raise NotOut
    view = frozen.view(issue)
    line = line_with(view, erratum.said, erratum.comparison_id, tool=erratum.tool)
    return Correction(
        issue_number=issue.number,
        comparison_id=erratum.comparison_id,
        part=line.part.value,
        tool=line.tool,
        said=erratum.said,
        right=right_words(erratum.right, erratum.said),
        local_date=signed.day,
        made_at=signed.at,
        made_by=signed.actor,
    )


def publish(session: Session, issue: Issue, erratum: Erratum, signed: Signed) -> Correction:
    """Store a correction of an issue, which should come from ``issues.store.locked``.

    Raises:
        NotOut, NotSaid, WhichTool, NothingRight: as for ``drafted``.
    """
    return _kept(session, drafted(issue, erratum, signed))


def amend(session: Session, correction_id: int, right: str, signed: Signed) -> Correction:
    """Put other words in the place of a correction's; the line it is about stays.

    Raises:
        NoSuchCorrection: when it is not the one that stands now.
        NothingRight: when nothing else is right.
    """
    return _kept(session, amending(standing_one(session, correction_id), right, signed))


def amending(standing: Standing, right: str, signed: Signed) -> Correction:
    """Make what would stand in the place of a correction, without storing it.

    Raises:
        NothingRight: when nothing else is right.
    """
    right = right_words(right, standing.now.said)
    return _following(standing.now, right, signed, withdraws=False)


def withdraw(session: Session, correction_id: int, why: str, signed: Signed) -> Correction:
    """Take a correction back and say why; it stays to be seen, with that.

    Raises:
        NoSuchCorrection: when it is not the one that stands now.
        NothingRight: when no reason is given.
    """
    before = standing_one(session, correction_id).now
    return _kept(session, _following(before, right_words(why, ""), signed, withdraws=True))


def of_issues(session: Session, numbers: Collection[int]) -> Mapping[int, Sequence[Correction]]:
    """Read all that was said about issues, oldest first, by the number of the issue."""
    found = select(Correction).where(col(Correction.issue_number).in_(numbers))
    by_issue: dict[int, list[Correction]] = {}
    for row in session.exec(found.order_by(col(Correction.id))):
        by_issue.setdefault(row.issue_number, []).append(row)
    return by_issue


def standings(rows: Sequence[Correction]) -> list[Standing]:
    """Say how the corrections of an issue stand, in the order in which they were first published."""
    chains: dict[int, list[Correction]] = {}
    for row in rows:
        before = chains.pop(row.amends, []) if row.amends else []
        chains[row.row_id] = [*before, row]
    found = [Standing(chain[-1], tuple(chain)) for chain in chains.values()]
    return sorted(found, key=lambda one: one.history[0].row_id)


def standing_one(session: Session, correction_id: int) -> Standing:
    """Give a correction that stands now and was not withdrawn.

    Raises:
        NoSuchCorrection: for any other.
    """
    row = session.get(Correction, correction_id)
    rows = of_issues(session, [row.issue_number])[row.issue_number] if row else ()
    for one in standings(rows):
        if one.now.id == correction_id and not one.now.withdraws:
            return one
    raise NoSuchCorrection


def mark(rows: Sequence[Correction]) -> str:
    """Give what is another as soon as anybody has said something more about an issue."""
    return str(rows[-1].id) if rows else "0"


def require(rows: Sequence[Correction], seen: str) -> None:
    """Refuse a word of somebody who was shown something else.

    Raises:
        ChangedMeanwhile: when somebody has said something more since.
    """
    if seen != mark(rows):
        raise ChangedMeanwhile


def _following(before: Correction, right: str, signed: Signed, *, withdraws: bool) -> Correction:
    same = before.model_dump(include={"issue_number", "comparison_id", "part", "tool", "said"})
    return Correction(
        **same,
        right=right,
        local_date=signed.day,
        made_at=signed.at,
        made_by=signed.actor,
        amends=before.id,
        withdraws=withdraws,
    )


def _kept(session: Session, correction: Correction) -> Correction:
    session.add(correction)
    session.flush()
    return correction
