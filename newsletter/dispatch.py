"""The dispatch: an issue begins to leave, its batches go out, doubt is settled, books are kept."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from newsletter import faults
from newsletter.database import Database
from newsletter.delivery import audience, deciding, joining, rate, staying, timing
from newsletter.delivery.books import Books, Waiting, afterwards, balance, waiting
from newsletter.delivery.nudging import Nudge, look_later
from newsletter.delivery.rebuilding import owing
from newsletter.delivery.rebuilding.rebuilder import Rebuilder
from newsletter.delivery.reconciling.reconciler import Reconciler, SilentSearch
from newsletter.delivery.reconciling.standing import Doubts, doubts
from newsletter.delivery.sending import Sender
from newsletter.delivery.sent import Progress, Sent, silent
from newsletter.editor_notices import under_way, untold
from newsletter.instance.fence import PassiveInstance, uncounted
from newsletter.issues import life, store
from newsletter.issues.models import Issue
from newsletter.issues.seen import require
from newsletter.issues.states import (
    STARTED,
    ForbiddenIssueChange,
    IssueEvent,
    IssueRemark,
    IssueState,
)
from newsletter.mailroom import Mailroom
from newsletter.notices.letters import Beside, nothing
from schedules.clock import Clock
from schedules.waves import Waves
from schedules.windows import Window

log = structlog.get_logger()

ROUND = timedelta(minutes=5)
"""For so long a round sends batches; then everything else has its turn."""

SHARE = 10
"""A round sends for at least so many times as long as what came before took: a search may hang."""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """From where issues leave, whoever said that they may.

    Attributes:
        database: the truth.
        sender: what it takes to deliver an issue.
        reconciler: what it takes to settle doubt about one.
        mailroom: from where editors are told.
        clock: the present instant.
        batch_size: messages in one batch.
        local_time: whether a scheduled issue leaves in waves, at its hour where each reader is.
        begin: counts an issue that begins to leave, or refuses; see ``newsletter.instance.fence``.
        nudge: told of batches that are free; see ``newsletter.delivery.nudging``.
        track_clicks: whether clicks on an issue that begins to leave are counted.
        by_jobs: whether jobs of workers send the batches, and ``deliver`` does not.
    """

    database: Database
    sender: Sender
    reconciler: Reconciler
    mailroom: Mailroom
    clock: Clock
    batch_size: int
    local_time: bool = True
    begin: Callable[[Session], None] = uncounted
    nudge: Nudge = look_later
    track_clicks: bool = False
    by_jobs: bool = False

    @property
    def window(self) -> Window:
        """Give the weekly slot."""
        return self.sender.window

    @property
    def rebuilder(self) -> Rebuilder:
        """Give what asks the provider for all copies of an issue."""
        return Rebuilder(self.reconciler)

    def start(
        self,
        number: int,
        *,
        actor: str,
        scheduled: bool = False,
        seen: str | None = None,
        beside: Beside = nothing,
    ) -> None:
        """Approve the issue if it is a draft, freeze its audience, and let it go.

        Args:
            number: of the issue.
            actor: by whose word.
            scheduled: by the schedule's word, each reader at the hour of its slot where they are;
                an issue sent by hand goes to everybody at once.
            seen: see ``newsletter.issues.seen``.
            beside: written down in the same transaction, if it was not under way already.

        Raises:
            ChangedMeanwhile: when it is not what was seen.
            TooEarly: when an editor has set a later time for it.
            EmptyAudience: when nobody would get a letter; it stays as it is.
        """
        faults.point("start.begun")
        with self.database.writing() as session:
            staying.keep_readers(session)
            issue, now = store.locked(session, number), self.clock()
            if issue.state in STARTED:
                return
            require(issue, seen)
            timing.require_time(issue, now)
            self.begin(session)
            if issue.state == IssueState.DRAFT.value:
                life.change(session, issue, IssueEvent.APPROVED, now=now, actor=actor)
            issue.tracks_clicks = self.track_clicks
            life.change(session, issue, IssueEvent.STARTED, now=now, actor=actor)
            if owing.is_owed(session, number):  # it was due when its database was taken over
                life.change(
                    session, issue, IssueEvent.PAUSED, now=now, actor=actor, reason=owing.ADOPTED
                )
            in_waves = scheduled and self.local_time
            waves = Waves(self.window, issue.local_date) if in_waves else None
            audience.freeze(
                session,
                number,
                batch_size=self.batch_size,
                now=now,
                waves=waves,
                ramp=self.sender.guards.ramp,
            )
            self.let_go(session, issue)
            beside(session)
            faults.point("start.before-commit")
        faults.point("start.committed")
        log.info("issue_started", issue=number, audience=issue.audience)

    def let_go(self, session: Session, issue: Issue) -> None:
        """Set by when an issue must have left, and tell of its batches; both in one transaction.

        Ramp and rate have as long as they take.
        """
        gone_by = self.gone_by(session, issue)
        timing.begin_span(session, issue, self.window.lateness, now=self.clock(), gone_by=gone_by)
        self.nudge(session, issue.number, audience.waiting_batches(session, issue.number))

    def gone_by(self, session: Session, issue: Issue) -> datetime | None:
        """Say when what is left of an issue that has begun can have left; None when nothing is."""
        now, left = self.clock(), audience.left(session, issue.number)
        return rate.gone_by(left, self.sender.guards.tempo, max(now, issue.not_before or now))

    def deliver(self, progress: Progress = silent) -> None:
        """Settle what is in doubt, then send what is free: batches of every issue, then notices.

        It works in rounds of a few minutes. A large issue may take hours, and at the start of each
        round whoever came in time is taken in and doubt is looked into; at its end single letters
        leave. One more round follows when an issue is kept open for somebody who came in time while
        the last of it left. Where jobs carry the batches, a round does everything but send them.
        Where nothing may leave, because the database is a copy, nothing is done at all.
        """
        if self.sender.may_send():
            return
        sent = self._round(progress)
        while sent.is_broken_off and not self.sender.stopped():
            sent = self._round(progress)

    def _round(self, progress: Progress) -> Sent:
        begun = self.sender.timer()
        self._take_in()
        self._reconcile()
        lasting = max(ROUND, SHARE * (self.sender.timer() - begun))
        sent = self.sender.tidy() if self.by_jobs else self.sender.send_due(progress, lasting)
        self._tell_of(sent)
        try:
            self.mailroom.send_letters()
        except Exception as error:
            if not sent.is_broken_off:
                raise
            # It keeps no issue from going on; and a traceback would show addresses.
            log.error("letters_failed", kind=type(error).__name__)  # noqa: TRY400
        return sent

    def do_job(self, number: int, readers: int) -> None:
        """Send free batches of one issue to about so many readers: what one worker's job is.

        A job that found nothing to do looks for nothing to tell either: that would be more than
        half of what it costs, and the next ``deliver`` of any worker looks, too.
        """
        if (sent := self.sender.send_some(number, readers)) != Sent():
            self._tell_of(sent)

    def _tell_of(self, sent: Sent) -> None:
        """Tell editors what has stopped, now or in a process that died before it told them."""
        fresh = sent.paused.keys() | sent.braked.keys()
        with self.database.reading() as session:
            stops, put_off = untold.stops(session), untold.put_off(session)
        for stop in stops:
            if stop.number in fresh or self.mailroom.editors:
                self.mailroom.tell(*under_way.stopped(stop, self.sender.transport.name))
        for some in put_off:
            if some.number in sent.put_off or self.mailroom.editors:
                self.mailroom.tell(*under_way.put_off(some))

    def _reconcile(self) -> None:
        """Look for evidence about lost answers; tell editors what is left to them, or went wrong."""
        reconciled = self.reconciler.run()
        numbers = set(reconciled.held)
        if self.mailroom.editors:
            with self.database.reading() as session:
                numbers |= set(untold.doubtful(session))
        for number in sorted(numbers):
            doubts = self.doubts(number)
            if doubts.held:  # nobody was quicker to decide
                self.mailroom.tell(*under_way.doubtful(number, doubts))
        for number, letters in reconciled.doubled.items():
            self.mailroom.tell(*under_way.doubled(number, letters))

    def _take_in(self) -> None:
        """Let those join an issue that came while it leaves in waves; see ``audience.join``."""
        now = self.clock()
        with self.database.reading() as session:
            joinable = [
                issue.number
                for issue in store.in_state(session, IssueState.SENDING)
                if joining.may_join(session, issue, self.window, now)
            ]
        for number in joinable:
            self._join(number, now)

    def _join(self, number: int, now: datetime) -> None:
        with self.database.writing() as session:
            before = audience.waiting_batches(session, number)
            audience.join(
                session,
                number,
                batch_size=self.batch_size,
                now=now,
                window=self.window,
                ramp=self.sender.guards.ramp,
            )
            self.nudge(session, number, audience.waiting_batches(session, number) - before)

    def settle_unknown(
        self,
        number: int,
        verdict: deciding.Verdict,
        *,
        actor: str,
        seen: str | None = None,
        unseen: bool = False,
        beside: Beside = nothing,
    ) -> int:
        """Settle every delivery in doubt by a person's word, which is written down.

        Before anything is sent again it is looked for once more: what is found then had left.

        Args:
            number: of the issue.
            verdict: what becomes of them.
            actor: whose word it is.
            seen: the mark of what the person was shown; None for somebody who means whatever there
                is. When that is not what is in doubt now, nothing happens.
            unseen: send them again even if the provider's search gives no answer.
            beside: written down in the same transaction, if there are any.

        Returns:
            How many there were.

        Raises:
            PassiveInstance: when nothing may leave from here.
            SilentSearch: when they shall be sent again, and the search gives no answer.
            ForbiddenIssueChange: when the issue has not begun to leave; or when they shall be sent
                again, but it was given up.
        """
        if because := self.sender.may_send():
            raise PassiveInstance(because)
        if verdict == "resend" and not self.reconciler.look_into(number) and not unseen:
            raise SilentSearch(
                f"the provider's search does not say whether the copies of issue {number} in doubt "
                "have left; try it later, or send them unseen: "
                f"newsletter issue decide {number} --resend --unseen"
            )
        now, timer = self.clock(), self.sender.timer()
        with self.database.writing() as session:
            issue = store.locked(session, number)
            if seen not in (None, self._doubts(session, number).mark):
                return 0
            self._require_decidable(issue, verdict)
            count = deciding.settle_unknown(session, number, verdict, now=now, timer=timer)
            if not count:
                return 0
            self._write_down(session, issue, verdict, count, actor)
            beside(session)
            if verdict == "resend":
                self._go_on(session, issue, actor)
        log.warning("unknown_decided", issue=number, verdict=verdict, count=count, actor=actor)
        return count

    @staticmethod
    def _require_decidable(issue: Issue, verdict: deciding.Verdict) -> None:
        if not issue.has_begun:
            raise ForbiddenIssueChange(
                f"issue {issue.number} has not begun to leave, so nothing of it is in doubt; name "
                f"the one that you mean: newsletter issue decide NUMBER --{verdict}"
            )
        if verdict == "resend" and issue.state == IssueState.CANCELLED.value:
            raise ForbiddenIssueChange(f"issue {issue.number} was cancelled; say --held")

    def _go_on(self, session: Session, issue: Issue, actor: str) -> None:
        """Let copies go that a person wants sent again, with fresh time if that is over."""
        if issue.state == IssueState.SETTLED.value:
            life.change(session, issue, IssueEvent.REOPENED, now=self.clock(), actor=actor)
        self.let_go(session, issue)

    def _write_down(
        self, session: Session, issue: Issue, verdict: deciding.Verdict, copies: int, actor: str
    ) -> None:
        """Keep a person's word about copies in doubt in the history of the issue."""
        said, now = f"{copies} in doubt: {verdict}", self.clock()
        life.remark(session, issue, IssueRemark.DECIDED, now=now, actor=actor, reason=said)

    def books(self, number: int) -> Books:
        """Give the balance of an issue."""
        with self.database.reading() as session:
            return balance(session, number, store.get(session, number).audience)

    def afterwards(self, number: int) -> dict[str, int]:
        """Count the accepted copies of an issue by what became of them, as far as anybody tells."""
        with self.database.reading() as session:
            return afterwards(session, number)

    def doubts(self, number: int) -> Doubts:
        """Say what of an issue is in doubt, and how the search for evidence stands."""
        with self.database.reading() as session:
            return self._doubts(session, number)

    def _doubts(self, session: Session, number: int) -> Doubts:
        return doubts(session, number, self.reconciler.patience(), timer=self.sender.timer())

    def waiting(self, number: int) -> Waiting:
        """Say what of an issue is still queued, and why."""
        line, timer = self.sender.line, self.sender.timer()
        with self.database.reading() as session:
            found = waiting(session, number, self.clock())
            closed_until = line.closed_until(session, timer)
        if not found.batches or closed_until is None:
            return found
        return replace(found, next_try=max(closed_until, found.next_try or closed_until))
