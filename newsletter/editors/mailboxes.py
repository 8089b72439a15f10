"""The desk's own mailboxes that get test copies: a short list, and how often it may be used."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from newsletter.database import insert_into
from newsletter.editors import acts
from newsletter.editors.acts import Act, Actor
from newsletter.editors.models import TrialMailbox
from newsletter.errors import NewsletterError
from newsletter.sign_up.budgets import Budget, take
from newsletter.sign_up.limits import EVERYBODY
from subscribers.address import Address

MOST = 10
"""Mailboxes; a longer list would be a list of readers, who have given their word."""

ROUNDS = Budget("editor-test-copies", 6, timedelta(hours=1), exact=True)
"""Times that copies are sent to all of them, by all editors together."""


class TooManyMailboxes(NewsletterError):
    """Ten mailboxes are on the list already; remove one first."""

    code = "too-many-test-mailboxes"


class TooManyTests(NewsletterError):
    """Test copies were sent six times within an hour; wait a little."""

    code = "too-many-tests"


def listed(session: Session) -> Sequence[TrialMailbox]:
    """Give the mailboxes, oldest first."""
    return session.exec(select(TrialMailbox).order_by(col(TrialMailbox.id))).all()


def add(session: Session, address: Address, *, actor: Actor, now: datetime) -> bool:
    """Put a mailbox on the list.

    Args:
        session: a writing session.
        address: of it.
        actor: whose word it is.
        now: aware.

    Returns:
        False when it was there before.

    Raises:
        TooManyMailboxes: when there is no room for it.
    """
    known = session.exec(
        select(TrialMailbox).where(TrialMailbox.address_key == address.key)
    ).first()
    if known is not None:
        return False
    if session.exec(select(func.count()).select_from(TrialMailbox)).one() >= MOST:
        raise TooManyMailboxes
    values = {"email": address.text, "address_key": address.key, "added_at": now}
    written = insert_into(session, TrialMailbox).values(values).on_conflict_do_nothing()
    row = session.execute(written.returning(col(TrialMailbox.id))).first()
    if row is None:
        return False
    acts.note(session, actor, Act.TEST_MAILBOX_ADDED, named(row.id), now=now)
    return True


def remove(session: Session, mailbox_id: int, *, actor: Actor, now: datetime) -> bool:
    """Take a mailbox off the list; False when it was not on it."""
    found = session.get(TrialMailbox, mailbox_id)
    if found is None:
        return False
    session.delete(found)
    acts.note(session, actor, Act.TEST_MAILBOX_REMOVED, named(mailbox_id), now=now)
    return True


def begin_round(session: Session, issue_number: int, *, actor: Actor, now: datetime) -> list[str]:
    """Note that test copies of an issue are sent, and give the addresses to send them to.

    Args:
        session: a writing session; nothing is sent before it has committed.
        issue_number: of the issue.
        actor: whose word it is.
        now: aware.

    Raises:
        TooManyTests: when it was done too often; nothing is noted then.
    """
    addresses = [one.email for one in listed(session)]
    if not addresses:
        return []
    if not take(session, ROUNDS, EVERYBODY, now):
        raise TooManyTests
    detail = f"to {len(addresses)} {'mailbox' if len(addresses) == 1 else 'mailboxes'}"
    acts.note(session, actor, Act.TEST_SENT, f"issue {issue_number}", now=now, detail=detail)
    return addresses


def named(mailbox_id: int) -> str:
    """Name a mailbox where no address may stand."""
    return f"test mailbox {mailbox_id}"
