"""One look at everything a provider remembers of an issue, with no transaction open while it is asked."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlmodel import Session

from newsletter import faults
from newsletter.delivery.books import balance
from newsletter.delivery.guards import Counted, foreign
from newsletter.delivery.letterhead import mailing_key
from newsletter.delivery.marks import account_of, becomes_a_job
from newsletter.delivery.message import NEWSLETTER_STREAM
from newsletter.delivery.models import DeliveryState, Probe
from newsletter.delivery.rebuilding import entering, owing
from newsletter.delivery.rebuilding import rebuilt as reasons
from newsletter.delivery.rebuilding.entering import Part
from newsletter.delivery.rebuilding.owing import Known
from newsletter.delivery.rebuilding.rebuilt import Rebuilt, Tally
from newsletter.delivery.reconciling import measuring
from newsletter.delivery.reconciling.reconciler import Reconciler
from newsletter.delivery.reconciling.rules import MEMORY
from newsletter.delivery.reconciling.settling import FOREIGN
from newsletter.delivery.sent import Progress, silent
from newsletter.delivery.transport import Recalls, Shown
from newsletter.issues import life, store
from newsletter.issues.states import IssueRemark

log = structlog.get_logger()

AHEAD = 10
"""So many editions in a row of which no copy is known end the search for more: those of readers who
joined after the backup are not in these books."""

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Look:
    """What one look showed: in sum, by edition, and whether that was all."""

    tally: Tally
    copies: Mapping[int | None, int]
    whole: bool


@dataclass(frozen=True, slots=True)
class _Question:
    """Who is asked about which books, whether that is a rehearsal, and who watches."""

    recalls: Recalls
    account: str
    books: Known
    rehearsing: bool
    progress: Progress


@dataclass(frozen=True, slots=True)
class Rebuilder:
    """Asks the provider of an issue for all its copies; twice the same does no harm.

    Attributes:
        reconciler: whose database, provider, clocks and patience it shares.
    """

    reconciler: Reconciler

    def is_owed(self, number: int) -> bool:
        """Say whether an issue must be rebuilt before it goes on."""
        with self.reconciler.database.reading() as session:
            return owing.is_owed(session, number)

    def run(
        self, number: int, *, actor: str, rehearsing: bool = False, progress: Progress = silent
    ) -> Rebuilt:
        """Enter every copy that the provider remembers, and say whether these are all.

        They are when nothing can be missing in its search: it was given the settle time since the
        issue stopped, shows a message that was accepted later, and showed the same twice.

        Args:
            number: of the issue.
            actor: by whose word.
            rehearsing: compare only; nothing is written down or sent.
            progress: told of copies as they come.

        Raises:
            NoSuchIssue: when there is none of that number.
            ForbiddenIssueChange: when it has not begun to leave from here, is leaving, or is over and
                its copies are no longer kept.
        """
        with self.reconciler.database.reading() as session:
            books = owing.known(session, number)
        recalls, mark = self.reconciler.transport, self.reconciler.transport.mark()
        if not isinstance(recalls, Recalls):
            return self._rebuilt(number, Tally(), reasons.NO_RECORD, rehearsing)
        if mark is None:
            return self._rebuilt(number, Tally(), reasons.UNNAMED, rehearsing)
        asked = _Question(recalls, account_of(mark), books, rehearsing, progress)
        because = self._why_unsure(books, mark) or self._why_behind(asked)
        first = self._look(asked)
        if not first.whole:
            because = reasons.NO_ANSWER
        if rehearsing or because is not None:
            return self._rebuilt(number, first.tally, because, rehearsing)
        if not recalls.exact and not _is_same(first, self._look(asked)):
            return self._rebuilt(number, first.tally, reasons.UNSTEADY, rehearsing)
        self._note(books, first, actor)
        return self._rebuilt(number, first.tally, None, rehearsing)

    def _why_unsure(self, books: Known, mark: str) -> str | None:
        """Give why this provider could never show all copies; None when it can."""
        ours = {account_of(mark), self.reconciler.transport.name}  # what bears the name never left
        began = books.issue.sending_at or books.stopped_at
        doubts = {
            reasons.ELSEWHERE: bool(books.accounts - ours),
            reasons.AS_JOBS: books.as_jobs or becomes_a_job(mark),
            reasons.FORGOTTEN: self.reconciler.timer() - began > MEMORY,
        }
        return next((because for because, given in doubts.items() if given), None)

    def _why_behind(self, asked: _Question) -> str | None:
        """Give why its search may be behind still; None when it has come past the stop."""
        if asked.recalls.exact:
            return None
        with self.reconciler.database.reading() as session:
            patience = self.reconciler.patience_now(session)
        believed = asked.books.stopped_at + patience.settled_after
        fenced = self._is_fenced(asked)
        if self.reconciler.timer() < believed:
            return reasons.too_early(believed)
        return None if fenced else reasons.NO_FENCE

    def _is_fenced(self, asked: _Question) -> bool:
        """Say whether the search shows a message of after the stop; send one where there is none."""
        fence = self._fence(asked)
        if fence is None and not asked.rehearsing:
            self._send_fence(asked.recalls)
            fence = self._fence(asked)
        if fence is None or fence.seen_at is not None:
            return fence is not None
        sighting = asked.recalls.find(fence.attempt_id, NEWSLETTER_STREAM)
        return sighting is not None and len(sighting.message_ids) >= fence.size

    def _send_fence(self, recalls: Recalls) -> None:
        before = self.reconciler.timer()
        if (attempt_id := recalls.fence(NEWSLETTER_STREAM)) is not None:
            with self.reconciler.database.writing() as session:
                measuring.add_fence(session, attempt_id, NEWSLETTER_STREAM, at=before)

    def _fence(self, asked: _Question) -> Probe | None:
        with self.reconciler.database.reading() as session:
            return measuring.fence(
                session,
                NEWSLETTER_STREAM,
                asked.account,
                after=asked.books.stopped_at,
                timer=self.reconciler.timer(),
            )

    def _look(self, asked: _Question) -> _Look:
        """Ask for the whole issue, for each edition, and for some that may have come later."""
        number, last = asked.books.issue.number, asked.books.editions
        total, copies = Tally(), dict[int | None, int]()
        for edition in itertools.chain([None], itertools.count(1)):
            if edition is not None and edition > last + AHEAD:
                break
            tally, whole = self._ask(asked, Part(number, edition))
            total, copies[edition] = total + tally, tally.known
            if not whole:
                return _Look(total, copies, whole=False)
            if tally.known:
                last = max(last, edition or 0)
        return _Look(total, copies, whole=True)

    def _ask(self, asked: _Question, part: Part) -> tuple[Tally, bool]:
        enter = self._compare if asked.rehearsing else self._enter
        tallies: list[Tally] = []

        def take(shown: Sequence[Shown]) -> None:
            tallies.append(enter(part, shown))
            asked.progress(len(shown))

        key, timer = mailing_key(part.issue_number, part.edition), self.reconciler.timer()
        since, until = timer - MEMORY, timer + _A_DAY
        whole = asked.recalls.recall(key, NEWSLETTER_STREAM, since, until, take)
        return sum(tallies, Tally()), whole

    def _enter(self, part: Part, shown: Sequence[Shown]) -> Tally:
        now, timer = self.reconciler.clock(), self.reconciler.timer()

        def work(session: Session) -> Tally:
            tally = entering.enter(session, part, shown, now=now, timer=timer)
            faults.point("rebuild.before-commit")
            return tally

        entered = self.reconciler.database.write(work)
        faults.point("rebuild.entered")
        return entered

    def _compare(self, part: Part, shown: Sequence[Shown]) -> Tally:
        with self.reconciler.database.reading() as session:
            return entering.compare(session, part, shown)

    def _note(self, books: Known, seen: _Look, actor: str) -> None:
        """Write down that it was done, and with how many copies that stay unexplained.

        The breaker lets that figure pass when the issue is resumed: it has been looked into.
        """
        number, now = books.issue.number, self.reconciler.clock()
        with self.reconciler.database.writing() as session:
            left = max(
                foreign(session, number, Counted(edition, copies))
                for edition, copies in seen.copies.items()
            )
            said = f"{seen.tally.known} copies are known to the provider, and all are in the books"
            if left:
                said = f"code {FOREIGN}: {left} copies at the provider belong to nobody here"
            issue = store.locked(session, number)
            life.remark(session, issue, IssueRemark.REBUILT, now=now, actor=actor, reason=said)
        faults.point("rebuild.noted")
        log.info("issue_rebuilt", issue=number, known=seen.tally.known, foreign=left)

    def _rebuilt(self, number: int, tally: Tally, because: str | None, rehearsed: bool) -> Rebuilt:
        with self.reconciler.database.reading() as session:
            queued = _queued(session, number)
        return Rebuilt(number, tally, queued, because, rehearsed)


def _is_same(first: _Look, again: _Look) -> bool:
    return again.whole and again.copies == first.copies and not again.tally.new


def _queued(session: Session, number: int) -> int:
    books = balance(session, number, store.get(session, number).audience)
    return books.count(DeliveryState.QUEUED)
