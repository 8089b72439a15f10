"""The letters about corrections leave, a batch at a time, on the same line as the issues."""

from collections.abc import Sequence

import structlog
from sqlmodel import Session

from newsletter.correction_letters import claiming
from newsletter.correction_letters.claiming import Addressed
from newsletter.correction_letters.writing import FOLDER, mailing_about
from newsletter.corrections.store import NoSuchCorrection, Standing, standing_one
from newsletter.delivery.inactive import Inactive
from newsletter.delivery.marks import attempt_of
from newsletter.delivery.message import NOT_TRIED, Mailing, Message, Outcome, Receipt
from newsletter.delivery.pacing import closing
from newsletter.delivery.recording import FIRST_DELAY
from newsletter.delivery.sending import Sender
from newsletter.delivery.sent import Progress, silent
from newsletter.errors import NewsletterError
from newsletter.issues import store
from newsletter.notices.sending import LEASE

log = structlog.get_logger()

MOST_BATCHES = 10
"""Of one pass, so that whoever else waits for this thread is not kept long."""

_Held = tuple[Standing, list[Addressed]]


def send_corrections(sender: Sender, progress: Progress = silent) -> int:
    """Send what is due, a batch after another, until nothing is, or the line is down.

    Args:
        sender: the way out, and whether anything may leave.
        progress: told after each batch how many letters of it were taken or refused.

    Returns:
        How many letters were accepted.
    """
    accepted = 0
    sender.database.write(lambda session: _give_up_silent(session, sender))
    for _ in range(MOST_BATCHES):
        if sender.stopped() or sender.may_send() or not _is_due(sender):
            break
        sender.outdate_copies()
        held = sender.database.write(lambda session: _claim(session, sender))
        if held is None:
            break
        if not held[1]:
            continue
        receipts = _hand_over(sender, *held)
        accepted += sum(receipt.outcome is Outcome.ACCEPTED for receipt in receipts)
        answered = sum(receipt.outcome is not Outcome.NOT_TAKEN for receipt in receipts)
        progress(answered)
        if not answered:
            break
    return accepted


def _is_due(sender: Sender) -> bool:
    with sender.database.reading() as session:
        return claiming.next_due(session, sender.line, timer=sender.timer()) is not None


def _give_up_silent(session: Session, sender: Sender) -> None:
    """Do it by itself: whoever claims locks the line before letters."""
    claiming.give_up_silent(session, now=sender.clock(), timer=sender.timer())


def _claim(session: Session, sender: Sender) -> _Held | None:
    """Claim a batch of one correction; None when there is nothing to do, or the line is not free.

    Then the pass ends: letters to single readers, who may be waiting for them, must not wait for it.
    """
    now, timer, line = sender.clock(), sender.timer(), sender.line
    correction_id = claiming.next_due(session, line, timer=timer)
    if correction_id is None:
        return None
    try:
        standing = standing_one(session, correction_id)
    except NoSuchCorrection:
        claiming.skip_all(session, correction_id, now=now)
        return _claim(session, sender)
    most = sender.transport.most
    if not line.book(session, most, timer):
        return None
    return standing, claiming.claim(session, correction_id, most, now=now, timer=timer)


def _hand_over(sender: Sender, standing: Standing, held: Sequence[Addressed]) -> list[Receipt]:
    attempt = attempt_of(sender.transport.mark() or sender.transport.name)
    try:
        mailing, messages, others_left = _written(sender, standing, held, attempt)
    except Exception:
        _put_back(sender, held)
        raise
    try:
        receipts = sender.transport.send(mailing, messages)
    except NewsletterError:  # a transport raises them before it sends anything
        _put_back(sender, held)
        raise
    inactive = list(_inactive(mailing, messages, held, receipts))
    now, timer = sender.clock(), sender.timer()
    # Not for longer each time, as a batch does: see how single letters close it.
    pause = closing(receipts, FIRST_DELAY, attempt, leftover=others_left)

    def record(session: Session) -> None:
        if pause:
            sender.line.close(session, timer, pause)  # first, as in a claim
        if inactive:
            sender.hears(session, inactive, now)  # then readers, before their letters
        claiming.record(session, held, receipts, now=now, timer=timer)

    sender.database.write_surely(record, lasting=LEASE)
    log.info("correction_sent", correction=standing.now.id, messages=len(receipts))
    return receipts


def _written(
    sender: Sender, standing: Standing, held: Sequence[Addressed], attempt: str
) -> tuple[Mailing, list[Message], bool]:
    """Write letters, and say whether others about the same have left."""
    with sender.database.reading() as session:
        mailing = mailing_about(sender.letterhead, session, standing)
        issue = store.get(session, standing.now.issue_number)
        others_left = claiming.others_left(session, standing.now.row_id)
    people = [one.recipient for one in held]
    copies = sender.letterhead.messages(issue.number, issue.local_date, people, attempt)
    messages = [
        copy._replace(delivery_id=f"{FOLDER}.{one.name}")
        for one, copy in zip(held, copies, strict=True)
    ]
    return mailing, messages, others_left


def _put_back(sender: Sender, held: Sequence[Addressed]) -> None:
    """Let letters that could not be written wait: without a word they would count as in doubt."""
    now, timer, receipts = sender.clock(), sender.timer(), [NOT_TRIED] * len(held)

    def record(session: Session) -> None:
        claiming.record(session, held, receipts, now=now, timer=timer)

    sender.database.write_surely(record, lasting=LEASE)


def _inactive(
    mailing: Mailing,
    messages: Sequence[Message],
    held: Sequence[Addressed],
    receipts: Sequence[Receipt],
) -> list[Inactive]:
    """Find the readers to whom the provider writes no more, by its own word."""
    return [
        Inactive(
            public_id=one.recipient.public_id,
            closed=receipt.closed,
            stream=mailing.stream,
            call=message.attempt_id,
            address=message.to,
        )
        for message, one, receipt in zip(messages, held, receipts, strict=True)
        if receipt.closed is not None and receipt.outcome is Outcome.REJECTED
    ]
