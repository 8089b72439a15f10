"""The act of importing some lines: who is new, who is met again, who is kept off."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col

from subscribers import import_log
from subscribers.address import address_hash, mask
from subscribers.changing import Newcomer, enter, keep, profile_of, record, set_profile
from subscribers.consent import Actor, Consent, ConsentEvent
from subscribers.errors import InvalidConsent
from subscribers.import_report import LineReport, Outcome
from subscribers.import_rows import Row
from subscribers.models import Subscriber, SuppressionReason
from subscribers.queries import ids_of, locked, suppressions_among
from subscribers.states import OUT, Event, State, advance, allows
from subscribers.suppression import block

_BY_IMPORT = "import"
_TOLD_BY = {
    State.ACTIVE: (Event.IMPORTED_WITH_CONSENT, ConsentEvent.IMPORTED),
    State.PAUSED: (Event.IMPORTED_WITH_CONSENT, ConsentEvent.IMPORTED),
    State.PENDING: (Event.ASKED, ConsentEvent.IMPORTED),
    State.UNSUBSCRIBED: (Event.UNSUBSCRIBED, ConsentEvent.UNSUBSCRIBED),
    State.BOUNCED: (Event.HARD_BOUNCED, ConsentEvent.BOUNCED),
    State.COMPLAINED: (Event.COMPLAINED, ConsentEvent.COMPLAINED),
    State.SUPPRESSED: (Event.SUPPRESSED_BY_OPERATOR, ConsentEvent.CHANGED),
}


@dataclass(frozen=True, slots=True)
class ImportTerms:
    """Under which conditions a file comes in.

    Attributes:
        consent: where and how the people in it agreed, in the operator's words. None when nobody
            says so; then only lines are taken that bring nobody a letter.
        pepper: the key of the address hashes.
        now: aware; the one instant of the whole import.
        ref: what the import is called, so that it cannot come in twice; empty for any name.
        topics: on which there is anything to read; empty where nothing is known of that.
        tools: slugs of the tools that there is anything about; likewise.
    """

    consent: str | None
    pepper: bytes
    now: datetime
    ref: str = ""
    topics: Collection[str] = ()
    tools: Collection[str] = ()

    def __post_init__(self) -> None:
        """Refuse a statement that states nothing.

        Raises:
            InvalidConsent: when it is blank.
        """
        if self.consent is not None and not self.consent.strip():
            raise InvalidConsent("say where and how these people agreed; the statement is blank")

    def evidence(self, state: State) -> Consent:
        """Give the consent entry for a line of this state."""
        _, event = _TOLD_BY[state]
        source = self.consent or "the imported file says so"
        return Consent(event=event, source=source, at=self.now, actor=Actor.OPERATOR)


def settle(
    session: Session, rows: Sequence[Row], terms: ImportTerms, import_id: int
) -> list[LineReport]:
    """Do what some lines say.

    Args:
        session: a writing session.
        rows: no address and no public id occurs twice among them.
        terms: the conditions.
        import_id: of the import that they belong to.

    Returns:
        A report for each, in order.
    """
    keys = [row.address.key for row in rows]
    hashes = {key: address_hash(key, terms.pepper) for key in keys}
    suppressed = suppressions_among(session, hashes.values())
    met = {s.address_key: s for s in locked(session, col(Subscriber.address_key).in_(keys))}
    before = {key: import_log.image(subscriber) for key, subscriber in met.items()}
    reports, new = [], []
    for row in rows:
        if subscriber := met.get(row.address.key):
            reports.append(_meet(session, subscriber, row, terms))
        elif hashes[row.address.key] in suppressed:
            reason = "the address is on the suppression list"
            reports.append(_report(row, Outcome.SUPPRESSED, reason=reason))
        else:
            new.append(row)
            reports.append(_report(row, Outcome.ADDED, row.state, remarks=_unmet(row, terms)))
    import_log.mark_new(session, import_id, _enter(session, new, hashes, terms))
    after = {key: import_log.image(subscriber) for key, subscriber in met.items()}
    changed = [key for key in met if after[key] != before[key]]
    pairs = {met[key].number: (before[key], after[key]) for key in changed}
    import_log.mark_changed(session, import_id, pairs)
    blocked = [hashes[row.address.key] for row in rows if row.state == State.SUPPRESSED]
    block(session, blocked, SuppressionReason.IMPORT, now=terms.now)
    import_log.mark_blocked(session, import_id, suppressed, blocked)
    return reports


def _enter(
    session: Session, rows: Sequence[Row], hashes: dict[str, str], terms: ImportTerms
) -> list[int]:
    taken = ids_of(session, [row.public_id for row in rows if row.public_id])
    evidence = {state: terms.evidence(state) for state in _TOLD_BY}
    newcomers = [
        Newcomer(
            address=row.address,
            address_hash=hashes[row.address.key],
            profile=row.profile,
            event=_TOLD_BY[row.state][0],
            consent=evidence[row.state],
            public_id=None if row.public_id in taken else row.public_id,
            created_at=row.created_at,
            confirmed_at=row.confirmed_at,
            unsubscribed_at=row.unsubscribed_at,
        )
        for row in rows
    ]
    ids = enter(session, newcomers, reason=_BY_IMPORT)
    paused = [id_ for id_, row in zip(ids, rows, strict=True) if row.state == State.PAUSED]
    for subscriber in locked(session, col(Subscriber.id).in_(paused)) if paused else ():
        _happen(session, subscriber, Event.PAUSED, terms)
    return ids


def _meet(session: Session, subscriber: Subscriber, row: Row, terms: ImportTerms) -> LineReport:
    """Add to somebody who is on the list already what the line knows beside."""
    before = subscriber.state
    if _happen(session, subscriber, _TOLD_BY[row.state][0], terms):
        keep(session, subscriber, terms.evidence(row.state))
    if row.state == State.PAUSED:
        _happen(session, subscriber, Event.PAUSED, terms)
    if subscriber.state in OUT and row.state not in OUT:
        reason = f"this person is {subscriber.state}; an import brings nobody back"
        return _report(row, Outcome.SUPPRESSED, subscriber.state, reason)
    learned = subscriber.state not in OUT and _learn(subscriber, row)
    changed = learned or subscriber.state != before
    outcome = Outcome.UPDATED if changed else Outcome.UNCHANGED
    return _report(row, outcome, subscriber.state)


def _happen(session: Session, subscriber: Subscriber, event: Event, terms: ImportTerms) -> bool:
    """Record the event if it moves the subscriber; say whether it did."""
    state = subscriber.state
    if not allows(state, event) or advance(state, event) == state:
        return False
    record(session, subscriber, event, now=terms.now, actor=Actor.OPERATOR, reason=_BY_IMPORT)
    return True


def _learn(subscriber: Subscriber, row: Row) -> bool:
    known = profile_of(subscriber)
    fuller = known.filled_by(row.profile)
    if fuller == known:
        return False
    set_profile(subscriber, fuller)
    return True


def _unmet(row: Row, terms: ImportTerms) -> Iterator[str]:
    """Say which wishes bring no letter as things are; they are kept, for that may change."""
    for topic in row.profile.topics if terms.topics else ():
        if topic not in terms.topics:
            yield f"no match-up is on the topic '{topic}' so far: it brings no letter"
    for tool in row.profile.follows if terms.tools else ():
        if tool not in terms.tools:
            yield f"no match-up is about the tool '{tool}' so far: it brings no letter"


def _report(
    row: Row,
    outcome: Outcome,
    state: State | None = None,
    reason: str | None = None,
    *,
    remarks: Iterable[str] = (),
) -> LineReport:
    if reason is None:
        left_out = [f"left out: {'; '.join(row.left_out)}"] if row.left_out else []
        reason = "; ".join([*left_out, *remarks]) or None
    return LineReport(row.number, mask(row.address.text), outcome, state, reason)
