"""Preflight of one issue: its world is gathered, and all rules look at it and at the letter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from traceback import extract_tb

import structlog
from sqlalchemy.exc import SQLAlchemyError

from newsletter.database import Database
from newsletter.delivery.letterhead import Letterhead, values_of_a_test
from newsletter.delivery.message import NEWSLETTER_STREAM, UNSUBSCRIBE, Message, Receipt
from newsletter.delivery.transport import Checks, Transport
from newsletter.issues import frozen, outdated
from newsletter.issues.building import Press
from newsletter.issues.models import Issue
from newsletter.issues.states import OPEN, IssueState
from newsletter.links.answer import Answer
from newsletter.links.asking import Patience
from newsletter.links.trying import try_links
from newsletter.preflight import editions, history, samples
from newsletter.preflight.addresses import addresses, shown
from newsletter.preflight.composing import compose
from newsletter.preflight.pages import OwnLink, Router, ask_pages
from newsletter.preflight.rules import look_around
from newsletter.preflight.surroundings import Band, Surroundings
from newsletter.rendering.checks import Finding, check
from newsletter.rendering.personal import Marked
from newsletter.rendering.rendered import MARKS
from newsletter.rendering.views import IssueView

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Inspector:
    """What it takes to say whether an issue may leave.

    Attributes:
        database: the truth.
        letterhead: in whose name it would leave.
        press: what an issue would be built with now.
        transport: how it would leave.
        editors: how many addresses get the notices.
        band: how far the audience may be from the last one.
        patience: how long to wait for other hosts; None when their links are not tried.
        router: puts the doors of this service together, when they are needed.
    """

    database: Database
    letterhead: Letterhead
    press: Press
    transport: Transport
    editors: int
    band: Band
    patience: Patience | None
    router: Callable[[], Router]

    def findings(
        self, issue: Issue, now: datetime, gone_by: datetime | None = None
    ) -> list[Finding]:
        """Check what would leave, as it is frozen; a check that breaks blocks.

        Args:
            issue: as it is stored.
            now: the instant as of which it would leave.
            gone_by: when the last of it can have left; None when there is no end to keep.
        """
        try:
            return self._findings(issue, now, gone_by)
        except SQLAlchemyError:
            raise  # no hold could be written down either; whoever asked tries again
        except Exception as error:  # noqa: BLE001  whatever broke, nothing leaves unchecked
            return [_broken(issue, error)]

    def _findings(self, issue: Issue, now: datetime, gone_by: datetime | None) -> list[Finding]:
        try:
            view = frozen.view(issue)
        except frozen.Unreadable:
            return [_unreadable(issue)]
        around = replace(self._at_home(issue, view, now), gone_by=gone_by)
        if around.built_with != around.brand and not around.begun:
            return look_around(around)  # it has to be built again, so nothing else counts
        around = self._frozen(around, issue, view)
        nobody = samples.sample(self.letterhead, issue, samples.Person())
        composed = compose(self.letterhead, issue, nobody, now)
        around = replace(around, refusal=composed.refusal)
        if composed.refusal is None:
            around = self._abroad(around, issue, view, nobody, now)
        letter = frozen.rendered(issue)
        found = check(letter, view, marks=nobody.values, brand=view.brand, headers=composed.headers)
        found += look_around(around)
        with self.database.reading() as session:
            return found + editions.findings(session, self.letterhead, issue, now, found)

    def _at_home(self, issue: Issue, view: IssueView, now: datetime) -> Surroundings:
        """Gather what the settings and the database say."""
        with self.database.reading() as session:
            return Surroundings(
                number=issue.number,
                begun=issue.has_begun,
                built_with=view.brand,
                brand=self.press.brand,
                sender=self.letterhead.address,
                editors=self.editors,
                audience=history.audience_of(session, issue, now),
                is_wanted=history.is_wanted(session, issue, now),
                band=self.band,
                last=history.last_issue(session, issue),
                not_after=issue.not_after,
                mailed=history.mailed_before(session, issue, view),
            )

    def _frozen(self, around: Surroundings, issue: Issue, view: IssueView) -> Surroundings:
        """Compare what is frozen with what it was made of, and with what would be made now."""
        around = replace(around, altered=frozen.altered(issue))
        if around.begun or issue.state not in (*OPEN, IssueState.HELD):
            return around
        with self.database.reading() as session:
            changed = outdated.changes(session, self.press, issue, view)
        return replace(around, outdated=tuple(changed))

    def _abroad(
        self, around: Surroundings, issue: Issue, view: IssueView, nobody: Message, now: datetime
    ) -> Surroundings:
        """Follow every link of the letter, and ask its provider; no transaction is open meanwhile."""
        found = addresses(frozen.rendered(issue), {around.brand.base_url, view.brand.base_url})
        values = self._somebodys_values(issue, now)
        pages = ask_pages(
            self.router(),
            [
                OwnLink(
                    Marked.split(path, issue.nonce, MARKS).fill(values), shown(path, issue.nonce)
                )
                for path in found.own
            ],
            number=issue.number,
            one_click=f"/unsubscribe/{nobody.values[UNSUBSCRIBE]}",
        )
        links: list[Answer] = []
        if self.patience is not None:
            links = try_links(self.database, found.others, patience=self.patience, now=now)
        way_out = self._way_out()
        return replace(around, pages=tuple(pages), links=tuple(links), way_out=way_out)

    def _way_out(self) -> Receipt | None:
        if not isinstance(self.transport, Checks):
            return None
        return self.transport.check().get(NEWSLETTER_STREAM)

    def _somebodys_values(self, issue: Issue, now: datetime) -> Mapping[str, str]:
        """Give the values of a reader's copy; without readers those of a test copy."""
        with self.database.reading() as session:
            person = history.somebody(session, now)
        if person is None:
            return values_of_a_test(issue.local_date, samples.SAMPLE_ADDRESS)
        return samples.sample(self.letterhead, issue, person).values


def _unreadable(issue: Issue) -> Finding:
    told = "it was frozen by another release and cannot be read by this one"
    message = f"{told}; build it again: newsletter issue build {issue.number}"
    if issue.state in (IssueState.SETTLED, IssueState.CANCELLED):
        message = told
    elif issue.has_begun:
        message = (
            f"{told}; the rest of it leaves as it is by the release that froze it: install that, then "
            f"newsletter issue resume {issue.number}; or give up what is left of it: newsletter issue "
            f"cancel {issue.number}"
        )
    return Finding("issue-unreadable", "block", message, "issue")


def _broken(issue: Issue, error: Exception) -> Finding:
    """Make a finding of a check that broke; the log says where, and not what it was working on."""
    place = extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}:{place.lineno}"
    log.error("preflight_broken", issue=issue.number, kind=type(error).__name__, at=where)
    told = f"a check broke ({type(error).__name__}) and nothing leaves unchecked; report it"
    return Finding("preflight-broken", "block", told, where)
