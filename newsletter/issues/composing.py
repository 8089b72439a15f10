"""An editor composes an issue: each change is built at once, written down, and can be taken back."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from sqlmodel import Session, col, select

from newsletter.content.comparison import CatalogueEntry
from newsletter.errors import NewsletterError
from newsletter.issues import building, frozen, marks, opening, said, seen, store, wordings
from newsletter.issues.building import Press
from newsletter.issues.models import ComposingStep, Issue
from newsletter.issues.rewording import CardPart, IssuePart, Words
from newsletter.issues.said import Said
from newsletter.issues.seen import ChangedMeanwhile
from newsletter.selection.rules import Mark


class NothingToUndo(NewsletterError):
    """Nothing was changed in composing this issue that could be taken back."""

    code = "nothing-to-undo"


class ChangedSince(NewsletterError):
    """What the last change was about was changed again since, by a command; mend it by hand."""

    code = "changed-since"


class NotInIt(NewsletterError):
    """That match-up is not in the issue."""

    code = "not-in-it"


@dataclass(frozen=True, slots=True)
class Composer:
    """Somebody who composes an issue; a change and its build are one transaction.

    Each change gives its step, or None when it would change nothing: then nothing is built, and an
    approval stays. It may raise:

        NoSuchIssue, NotOpen: when there is none, or it is not built again any more.
        ChangedMeanwhile: when it is not what was seen.
        NothingNew: when too little would be left for an issue.

    Attributes:
        session: the open transaction for writing.
        press: what it takes to build.
        number: of the issue.
        actor: whose word it is.
        now: aware.
        seen: the ``mark`` of what was shown; None for somebody who means it as it is.
    """

    session: Session
    press: Press
    number: int
    actor: str
    now: datetime
    seen: str | None = None

    def pin(self, entry: CatalogueEntry) -> ComposingStep | None:
        """Bring a comparison in, whatever the rules say.

        Raises:
            AlreadyMailed: when it went out before.
        """
        return self._do(f"pinned {_title(entry)}", lambda _: self._mark(entry, Mark("pin")))

    def ban(self, entry: CatalogueEntry) -> ComposingStep | None:
        """Keep a comparison out of every issue."""
        return self._do(f"banned {_title(entry)}", lambda _: self._mark(entry, Mark("ban")))

    def unmark(self, entry: CatalogueEntry) -> ComposingStep | None:
        """Leave a comparison to the rules."""
        return self._do(
            f"left {_title(entry)} to the rules",
            lambda _: marks.take_off(self.session, entry.id),
        )

    def move(self, entry: CatalogueEntry, to: int) -> ComposingStep | None:
        """Move a match-up to another place, from 1; every match-up of the issue gets its place.

        Raises:
            NotInIt: when it is not in the issue.
        """

        def do(issue: Issue) -> None:
            order = self._order(issue, entry)
            if order.index(entry.id) != to - 1:
                order.remove(entry.id)
                order.insert(to - 1, entry.id)
                self._put_in_order(order)

        return self._do(f"moved {_title(entry)} to place {to}", do)

    def replace(self, entry: CatalogueEntry, other: CatalogueEntry | None) -> ComposingStep | None:
        """Ban a match-up, and put another one in its place; None is for what the rules take next.

        Raises:
            NotInIt: when it is not in the issue.
            AlreadyMailed: when the other one went out before.
        """

        def do(issue: Issue) -> None:
            order = self._order(issue, entry)
            self._mark(entry, Mark("ban"))
            if other:
                self._put_in_order([other.id if one == entry.id else one for one in order])

        by = _title(other) if other else "the next by the rules"
        return self._do(f"replaced {_title(entry)} by {by}", do)

    def reword(self, texts: Mapping[IssuePart, Words | None]) -> ComposingStep | None:
        """Say parts of the issue in other words; None gives one back to the rules.

        Raises:
            UnusableWords: when they cannot stand there.
        """

        def do(_issue: Issue) -> None:
            for part, words in texts.items():
                if words is None:
                    wordings.take_off(self.session, self.number, part)
                else:
                    wordings.put_for_issue(
                        self.session, self.number, part, words, now=self.now, actor=self.actor
                    )

        return self._do(f"reworded the {_listed(texts)}", do)

    def reword_card(
        self, entry: CatalogueEntry, texts: Mapping[CardPart, Words | None]
    ) -> ComposingStep | None:
        """Say parts of a card in other words; None gives one back to the rules.

        Raises:
            AlreadyMailed: when the comparison went out.
            UnusableWords: when they cannot stand there.
            NotInSource: when they quote what no reviewer wrote.
        """

        def do(_issue: Issue) -> None:
            for part, words in texts.items():
                if words is None:
                    wordings.take_off(self.session, entry.id, part)
                else:
                    wordings.put_for_comparison(
                        self.session, entry, part, words, now=self.now, actor=self.actor
                    )

        return self._do(f"changed the {_listed(texts)} of {_title(entry)}", do)

    def build_again(self) -> Issue:
        """Build it again as it is: what was imported since may come in."""
        self._opened()
        return self._built()

    def undo(self) -> ComposingStep:
        """Take the last change back that was not taken back yet.

        Raises:
            NothingToUndo: when there is none.
            ChangedSince: when a command has changed the same thing since.
        """
        issue, now_said = self._opened()
        step = last(self.session, self.number)
        if step is None:
            raise NothingToUndo
        if not said.holds(now_said, step.after):
            raise ChangedSince
        said.put_back(self.session, issue.number, step.before, now=self.now, actor=self.actor)
        step.undone_at, step.undone_by = self.now, self.actor
        self.session.add(step)
        self._built()
        return step

    def _do(self, what: str, change: Callable[[Issue], object]) -> ComposingStep | None:
        issue, before = self._opened()
        titles = _titles(issue)
        change(issue)
        was, became = said.changed(before, said.everything(self.session, self.number))
        if not became:
            return None
        effect = ". ".join(_effect(titles, _titles(self._built())))
        step = ComposingStep(
            issue_number=self.number,
            what=what,
            effect=effect,
            before=dict(was),
            after=dict(became),
            made_at=self.now,
            made_by=self.actor,
        )
        self.session.add(step)
        self.session.flush()
        return step

    def _opened(self) -> tuple[Issue, Said]:
        """Lock the issue, and refuse a change of something else than was shown."""
        issue = opening.open_to_change(self.session, self.number)
        now_said = said.everything(self.session, self.number)
        if self.seen is not None and self.seen != mark(issue, now_said):
            raise ChangedMeanwhile
        return issue, now_said

    def _built(self) -> Issue:
        issue = store.get(self.session, self.number)
        return building.build(
            self.session,
            self.press,
            schedule=issue.schedule,
            local_date=issue.local_date,
            now=self.now,
            actor=self.actor,
        )

    def _order(self, issue: Issue, entry: CatalogueEntry) -> list[int]:
        order = [item.comparison_id for item in store.items(self.session, issue)]
        if entry.id not in order:
            raise NotInIt
        return order

    def _put_in_order(self, order: Sequence[int]) -> None:
        marks.put_in_order(self.session, order, now=self.now, actor=self.actor)

    def _mark(self, entry: CatalogueEntry, mark_: Mark) -> None:
        marks.put(self.session, entry.id, mark_, now=self.now, actor=self.actor)


def mark(issue: Issue, now_said: Said) -> str:
    """Give what is another as soon as the letter changes, or anything that a build of it uses."""
    shown = json.dumps([seen.mark(issue), now_said], sort_keys=True)
    return blake2b(shown.encode(), digest_size=16).hexdigest()


def last(session: Session, number: int) -> ComposingStep | None:
    """Give the last change of an issue that was not taken back."""
    steps = select(ComposingStep).where(
        ComposingStep.issue_number == number, col(ComposingStep.undone_at).is_(None)
    )
    return session.exec(steps.order_by(col(ComposingStep.id).desc()).limit(1)).first()


def _titles(issue: Issue) -> Mapping[int, str]:
    view = frozen.readable(issue)
    return {row.entry_id: row.title for row in view.match_ups} if view else {}


def _effect(before: Mapping[int, str], after: Mapping[int, str]) -> Iterator[str]:
    """Say what came in and what went out with a change."""
    if came := [title for row_id, title in after.items() if row_id not in before]:
        yield f"In it now: {', '.join(came)}"
    if went := [title for row_id, title in before.items() if row_id not in after]:
        yield f"Not in it any more: {', '.join(went)}"


def _title(entry: CatalogueEntry) -> str:
    return entry.comparison.title


def _listed(parts: Mapping[CardPart, object] | Mapping[IssuePart, object]) -> str:
    names = [_CALLED.get(part, part.value) for part in parts]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


_CALLED: Mapping[str, str] = {
    CardPart.FOR_A: "quote for the left tool",
    CardPart.AGAINST_A: "quote against the left tool",
    CardPart.FOR_B: "quote for the right tool",
    CardPart.AGAINST_B: "quote against the right tool",
}
