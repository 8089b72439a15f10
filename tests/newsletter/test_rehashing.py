"""With a new key nothing is lost that hangs on the address of somebody who is still here."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from newsletter import adopting, rehashing
from newsletter.database import Database
from newsletter.editors import accounts
from newsletter.editors.acts import COMMAND
from newsletter.editors.models import Editor
from newsletter.editors.roles import Role
from newsletter.feedback import inbox
from newsletter.feedback.models import ProviderEvent
from newsletter.feedback.reading import read
from newsletter.rehashing import hide_anew
from newsletter.service import Service
from newsletter.settings import load
from newsletter.sign_up.models import SignUpRequest
from newsletter.wiring import build
from subscribers import address_change
from subscribers.address import Address, address_hash
from subscribers.models import (
    AddressChange,
    Subscriber,
    Suppression,
    SuppressionReason,
    new_public_id,
)
from subscribers.states import State
from subscribers.suppression import suppress
from tests.factories import MONDAY, PEPPER, add_subscribers
from tests.newsletter.feedback.telling import Telling, issue_to
from tests.suppression import is_suppressed

ANEW = b"pepper of another key"
OLD, NEW = (f"{name} secret that is long enough to use" for name in ("an old", "a new"))

ONE, TWO, ELSEWHERE, NOBODYS = (
    Address.parse(f"{name}@example.org") for name in ("reader1", "reader2", "elsewhere", "nobody")
)


@pytest.fixture(params=[1, 1_000])
def at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehashing, "_AT_ONCE", request.param)


@pytest.fixture
def session(database: Database, at_once: None) -> Iterator[Session]:
    with database.writing() as session:
        add_subscribers(session, 3)
        yield session


def reasons(session: Session, *addresses: Address, pepper: bytes = ANEW) -> list[str | None]:
    kept = {row.address_hash: row.reason.value for row in session.exec(select(Suppression))}
    return [kept.get(address_hash(one.key, pepper)) for one in addresses]


def asked(address: Address, pepper: bytes) -> SignUpRequest:
    return SignUpRequest(
        address_hash=address_hash(address.key, pepper),
        email=address.text,
        source="a form",
        wording="yes",
        wording_version="1",
        network="a network",
        domain="a domain",
        asked_at=MONDAY,
        due_at=MONDAY,
    )


def test_all_readers_have_the_hash_that_the_new_key_gives(session):
    hide_anew(session, ANEW)

    rows = session.exec(select(Subscriber.address_key, Subscriber.address_hash)).all()
    assert [hashed for _, hashed in rows] == [address_hash(str(key), ANEW) for key, _ in rows]
    assert len(rows) == 3


def test_who_is_kept_off_the_list_and_has_a_row_still_is(session):
    for address in (ONE, NOBODYS):
        suppress(session, address, pepper=PEPPER, now=MONDAY, note="by phone")

    hide_anew(session, ANEW)

    assert reasons(session, ONE, NOBODYS) == ["operator", None]
    assert reasons(session, NOBODYS, pepper=PEPPER) == ["operator"]
    assert session.exec(select(Suppression.note)).all() == ["by phone"] * 2


@pytest.mark.parametrize(
    ("was", "is_now"), [("bounce", "operator"), ("operator", "bounce"), ("operator", "operator")]
)
def test_of_two_reasons_that_a_passive_host_brought_together_the_stronger_stays(
    session, was, is_now
):
    suppress(session, ONE, SuppressionReason(was), pepper=PEPPER, now=MONDAY)
    suppress(session, ONE, SuppressionReason(is_now), pepper=ANEW, now=MONDAY)

    hide_anew(session, ANEW)

    assert reasons(session, ONE) == ["operator"]
    assert reasons(session, ONE, pepper=PEPPER) == [None]


def test_an_address_change_that_is_open_is_made_under_the_new_hash(session):
    [who] = session.exec(select(Subscriber.public_id).where(Subscriber.email == ONE.text))
    address_change.ask(session, who, ELSEWHERE, pepper=PEPPER, now=MONDAY)
    suppress(session, ELSEWHERE, pepper=PEPPER, now=MONDAY)

    hide_anew(session, ANEW)

    wish = session.exec(select(AddressChange).execution_options(populate_existing=True)).one()
    assert wish.new_hash == address_hash(ELSEWHERE.key, ANEW)
    assert is_suppressed(session, ELSEWHERE, pepper=ANEW)


def test_who_waits_at_the_form_waits_once(session):
    session.add_all([asked(NOBODYS, PEPPER), asked(NOBODYS, ANEW), asked(ELSEWHERE, PEPPER)])

    hide_anew(session, ANEW)

    waiting = set(session.exec(select(SignUpRequest.address_hash)).all())
    assert waiting == {address_hash(one.key, ANEW) for one in (NOBODYS, ELSEWHERE)}


def test_editors_find_their_way_in(session):
    boss = Address.parse("boss@example.org")
    accounts.add(session, boss, Role.OWNER, pepper=PEPPER, actor=COMMAND, now=MONDAY)

    hide_anew(session, ANEW)

    assert session.exec(select(Editor.hidden_key)).one() == accounts.hidden_key(boss, ANEW)


def test_what_the_provider_told_goes_along_and_what_a_passive_host_heard_is_looked_at_again(
    session,
):
    for address, pepper in ((ONE, PEPPER), (TWO, ANEW), (NOBODYS, PEPPER)):
        told = read(Telling(address.text, new_public_id(), MONDAY).bounced())
        inbox.store(session, told, source="webhook", pepper=pepper, now=MONDAY)
    for event in session.exec(select(ProviderEvent)):
        event.folded_at = MONDAY
    session.flush()

    hide_anew(session, ANEW)

    hashed, folded = col(ProviderEvent.address_hash), col(ProviderEvent.folded_at)
    found = dict(tuple(row) for row in session.execute(select(hashed, folded)))
    assert found == {
        address_hash(ONE.key, ANEW): MONDAY,
        address_hash(TWO.key, ANEW): None,
        address_hash(NOBODYS.key, PEPPER): MONDAY,
    }


def test_twice_changes_nothing_more(session):
    suppress(session, ONE, pepper=PEPPER, now=MONDAY)

    hide_anew(session, ANEW)
    hide_anew(session, ANEW)

    assert reasons(session, ONE) == ["operator"]


@pytest.fixture
def start(database: Database, tmp_path: Path) -> Callable[[str], Service]:
    """Start the service on the host of this database with a key."""

    def on(key: str) -> Service:
        settings = load(
            data_dir=tmp_path,
            outbox_dir=tmp_path / "outbox",
            database_url=database.engine.url.render_as_string(hide_password=False),
            postal_address="1 Test Street",
            secret_key=key,
        )
        return build(settings, clock=lambda: MONDAY, database=database)

    return on


def test_bounces_and_complaints_of_readers_count_after_the_old_key_is_given_up(start, database):
    before = start(OLD)
    issue_to(before, readers=3)
    with database.writing() as session:
        people = session.exec(select(Subscriber).order_by(col(Subscriber.id))).all()
        everybody = [(str(one.email), one.public_id) for one in people]
        addresses = [Address.parse(email) for email, _ in everybody]
        suppress(session, addresses[2], pepper=before.pepper, now=MONDAY)
    after = start(NEW)

    adopting.adopt(after.desk, after.fence, without_old_key=True)
    for whose, kind in zip(everybody, ("HardBounce", "SpamComplaint"), strict=False):
        after.listener.hear(Telling(*whose, MONDAY).bounced(kind))
    after.listener.fold()

    with database.reading() as session:
        states = session.exec(select(Subscriber.state).order_by(col(Subscriber.id))).all()
        kept_off = reasons(session, *addresses, pepper=after.pepper)
    assert states == [State.BOUNCED, State.COMPLAINED, State.SUPPRESSED]
    assert kept_off == ["bounce", "complaint", "operator"]
