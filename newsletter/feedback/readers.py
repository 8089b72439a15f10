"""Readers are brought to where everything told about them says that they belong."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import Session, col

from newsletter.feedback.meanings import OfReader, meaning
from newsletter.feedback.standing import Standing, Step, steps
from newsletter.feedback.verdicts import Cuts, OnReader, Verdict, judge
from subscribers.changing import keep, record
from subscribers.consent import Actor, Consent, ConsentEvent
from subscribers.models import StateChange, Subscriber, Suppression, SuppressionReason
from subscribers.states import Event, State
from subscribers.suppression import block, lift_bounces

BY_PROVIDER = "provider"
"""Where a leaving came from that the provider told of."""

_BY_A_PROVIDER = frozenset({SuppressionReason.BOUNCE, SuppressionReason.COMPLAINT})
_REASONS = {
    State.BOUNCED: SuppressionReason.BOUNCE,
    State.COMPLAINED: SuppressionReason.COMPLAINT,
}
"""What the suppression list keeps too, so that no import and no form opens it."""

_NOT_GONE = frozenset({State.PENDING, State.ACTIVE, State.PAUSED})

Told = Mapping[int, Sequence[Row[Any]]]
"""All events about each of some readers, by their row ids."""


def fold(session: Session, met: Sequence[Subscriber], told: Told, *, now: datetime) -> int:
    """Bring some readers to where they belong; four statements, and some for each who moves.

    Args:
        session: a writing session.
        met: the readers, locked.
        told: what was told about them.
        now: written down as the time of the change.

    Returns:
        How many are in another state now.
    """
    if not met:
        return 0
    before = [reader.state for reader in met]
    log, blocked = _log(session, met), _blocked(session, met)
    reasons: dict[SuppressionReason, set[str]] = defaultdict(set)
    for reader in met:
        rows = told.get(id_of(reader), ())
        standing = _standing(reader, log[id_of(reader)], blocked)
        verdict = judge(on_reader(reader, rows), standing.cuts)
        _move(session, reader, standing, verdict, now)
        for reason, hashed in _suppressed(reader, rows, verdict):
            reasons[reason].add(hashed)
    _suppress(session, reasons, met, told, now)
    return sum(reader.state is not state for reader, state in zip(met, before, strict=True))


def _move(
    session: Session, reader: Subscriber, standing: Standing, verdict: Verdict, now: datetime
) -> None:
    if verdict.left and not standing.has_left and reader.state is not State.ERASED:
        _happens(session, reader, Event.UNSUBSCRIBED, BY_PROVIDER, now)
        left, source, actor = ConsentEvent.UNSUBSCRIBED, BY_PROVIDER, Actor.PROVIDER
        keep(session, reader, Consent(event=left, source=source, at=now, actor=actor))
        standing = replace(standing, state=reader.state, has_left=True)
    for event in steps(standing, verdict):
        _happens(session, reader, event, verdict.reason, now)


def _happens(
    session: Session, reader: Subscriber, event: Event, reason: str, now: datetime
) -> None:
    record(session, reader, event, now=now, actor=Actor.PROVIDER, reason=reason or BY_PROVIDER)


def _standing(reader: Subscriber, log: Sequence[Step], blocked: Collection[str]) -> Standing:
    return Standing(
        state=reader.state,
        steps=log,
        has_left=reader.unsubscribed_at is not None,
        blocked=reader.address_hash in blocked,
    )


def on_reader(reader: Subscriber, rows: Iterable[Row[Any]]) -> Iterable[OnReader]:
    """Give what was told about the mailbox that they have now, and that they have left.

    Whoever has moved to another address has a mailbox there that did not bounce, and did not call
    anything spam. A goodbye is the reader's own word, by whichever copy of an issue it was said: the
    links for leaving in those to a former address work on, too. A letter that asks whether they may
    move somewhere may have gone to a stranger, whose word it then is.
    """
    for row in rows:
        means = meaning(row.kind, row.reason)
        is_theirs = _is_of(reader, row)
        is_goodbye = means.reader is OfReader.LEFT and row.issue_number is not None
        if means.reader is not None and (is_theirs or is_goodbye):
            yield OnReader(
                says=means.reader,
                at=row.occurred_at,
                stream=row.stream,
                copy=row.issue_number,
                reason=row.reason or "",
                lasting=not means.accepted,
            )


def of_mailbox(reader: Subscriber, rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    """Leave out what is about a former address, a goodbye too: the present one was not closed by it."""
    return [row for row in rows if _is_of(reader, row)]


def _is_of(reader: Subscriber, row: Row[Any]) -> bool:
    return row.address_hash in (None, reader.address_hash)


def kept_off_by_a_provider(
    session: Session, met: Sequence[Subscriber]
) -> Iterator[tuple[Subscriber, Cuts]]:
    """Give those of some readers whom nobody else's word keeps off the list, each with their cuts."""
    log, blocked = _log(session, met), _blocked(session, met)
    for reader in met:
        standing = _standing(reader, log[id_of(reader)], blocked)
        if standing.own in _NOT_GONE:
            yield reader, standing.cuts


def _suppressed(
    reader: Subscriber, rows: Sequence[Row[Any]], verdict: Verdict
) -> Iterable[tuple[SuppressionReason, str]]:
    """Say which addresses stay off the list, whoever has them: by a complaint also a former one."""
    if reader.address_hash and verdict.closed in _REASONS:
        yield _REASONS[verdict.closed], reader.address_hash
    for row in rows:
        complained = meaning(row.kind, row.reason).reader is OfReader.COMPLAINED
        if complained and row.address_hash and row.address_hash != reader.address_hash:
            yield SuppressionReason.COMPLAINT, row.address_hash


def _suppress(
    session: Session,
    reasons: Mapping[SuppressionReason, Collection[str]],
    met: Sequence[Subscriber],
    told: Told,
    now: datetime,
) -> None:
    bounced = reasons.get(SuppressionReason.BOUNCE, ())
    alive = {one.address_hash for one in met if one.address_hash and told.get(id_of(one))}
    if works_again := alive.difference(bounced):
        lift_bounces(session, works_again)
    for reason, hashes in reasons.items():
        block(session, hashes, reason, now=now)


def _log(session: Session, met: Sequence[Subscriber]) -> Mapping[int, list[Step]]:
    rows = session.execute(
        select(
            col(StateChange.subscriber_id),
            col(StateChange.event),
            col(StateChange.to_state),
            col(StateChange.at),
            col(StateChange.actor),
        )
        .where(col(StateChange.subscriber_id).in_([reader.id for reader in met]))
        .order_by(col(StateChange.id))
    )
    log: dict[int, list[Step]] = defaultdict(list)
    for who, *step in rows:
        log[who].append(Step(*step))
    return log


def _blocked(session: Session, met: Sequence[Subscriber]) -> frozenset[str]:
    """Give the addresses that were closed by somebody else than a provider."""
    hashes = [reader.address_hash for reader in met if reader.address_hash]
    found = select(col(Suppression.address_hash)).where(
        col(Suppression.address_hash).in_(hashes), col(Suppression.reason).not_in(_BY_A_PROVIDER)
    )
    return frozenset(session.scalars(found))


def id_of(reader: Subscriber) -> int:
    """Give the row id of somebody who has one."""
    assert reader.id is not None
    return reader.id
