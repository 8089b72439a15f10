"""A link signs one person in, once, for twenty minutes; who asks for one learns nothing."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from newsletter.delivery.message import Closed, Outcome, Receipt, Why
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.editors import accounts, asking, entering, links, tidying
from newsletter.editors.acts import COMMAND
from newsletter.editors.asking import OF_ACCOUNT, OF_NETWORK, Request
from newsletter.editors.letter import WAITS
from newsletter.editors.links import GOOD_FOR
from newsletter.editors.models import SignInLink
from newsletter.editors.refusals import LinkOver, UnknownLink
from newsletter.notices.rows import NoticeRow, order_link
from newsletter.service import Service
from subscribers.address import Address
from tests.factories import MONDAY, refitted
from tests.journeys.world import World, world
from tests.journeys.world import links as links_of
from tests.newsletter.editors.people import INES, let_in

PLACE = "192.0.2.0/24"


@pytest.fixture
def desk(database, tmp_path):
    with world(database, tmp_path) as made:
        made.now = MONDAY
        with database.writing() as session:
            let_in(session, pepper=made.service.pepper)
        yield made


def ask(service: Service, address: str = INES, *, network: str = PLACE) -> None:
    with service.database.writing() as session:
        request = Request(Address.parse(address), network)
        asking.ask(session, request, pepper=service.pepper, now=service.clock())


def letters(desk: World) -> int:
    desk.service.welcome()
    return len(desk.letters(kind="sign_in"))


def rows(service: Service) -> str:
    with service.database.reading() as session:
        found = (session.exec(select(NoticeRow)).all(), session.exec(select(SignInLink)).all())
        return repr([row.model_dump() for table in found for row in table])


def test_a_link_signs_in_once_for_twenty_minutes(database):
    with database.writing() as session:
        editor = let_in(session)
        late = links.make(session, editor, now=MONDAY)
        with pytest.raises(LinkOver):
            links.use(session, late, now=MONDAY + GOOD_FOR)
        good = links.make(session, editor, now=MONDAY, back="/editor/log")
        links.look(session, good, now=MONDAY)

        assert links.use(session, good, now=MONDAY) == (editor, "/editor/log")
        with pytest.raises(LinkOver):
            links.use(session, good, now=MONDAY)
        with pytest.raises(UnknownLink):
            links.use(session, good[:-1], now=MONDAY)


def test_of_two_who_press_at_the_same_moment_one_gets_in(database):
    with database.writing() as session:
        token = links.make(session, let_in(session), now=MONDAY)

    def press(_: int) -> bool:
        try:
            with database.writing() as session:
                entering.by_link(session, token, now=MONDAY)
        except LinkOver:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(press, range(4))) == [False, False, False, True]


@pytest.mark.parametrize("end", ["another was used", "removed", "signed out"])
def test_an_open_link_ends_with_what_it_was_for(database, end):
    with database.writing() as session:
        editor = let_in(session)
        token, other = (links.make(session, editor, now=MONDAY) for _ in range(2))
        if end == "removed":
            accounts.remove(session, editor, actor=COMMAND, now=MONDAY)
        elif end == "signed out":
            entering.end_sessions(session, editor, COMMAND, now=MONDAY)
        else:
            links.use(session, other, now=MONDAY)

        with pytest.raises((LinkOver, UnknownLink)):
            links.use(session, token, now=MONDAY)


def test_the_letter_has_the_link_and_no_row_has_it(desk):
    ask(desk.service, "Ines@DESK.example")
    waiting = rows(desk.service)
    assert letters(desk) == 1
    letter = desk.letter(INES, "sign_in")
    [link] = [link for link in links_of(letter) if "/editor/sign-in/" in link]
    token = link.rpartition("/")[2]

    assert letter["Subject"] == "Sign in: Weekly Verdict"
    assert INES not in waiting
    assert token not in rows(desk.service)
    with desk.service.database.writing() as session:
        assert links.use(session, token, now=desk.now)[0].email == INES


def test_a_stranger_gets_no_letter_and_waits_like_an_editor(desk):
    ask(desk.service, "nobody@elsewhere.example")
    waiting = rows(desk.service)

    assert letters(desk) == 0
    assert "elsewhere" not in waiting


@pytest.mark.parametrize("gone", ["removed", "too late"])
def test_no_letter_leaves_that_is_of_no_use_any_more(desk, gone):
    ask(desk.service)
    if gone == "removed":
        with desk.service.database.writing() as session:
            editor = accounts.by_address(session, Address.parse(INES))
            accounts.remove(session, editor, actor=COMMAND, now=MONDAY)
    else:
        desk.now += WAITS + timedelta(seconds=1)

    assert letters(desk) == 0


@pytest.mark.parametrize(
    "answer",
    [
        Receipt(Outcome.REJECTED, code="406", closed=Closed(Why.BOUNCE)),
        Receipt(Outcome.UNKNOWN, code="no-answer"),
    ],
    ids=["rejected", "lost"],
)
def test_a_mailbox_that_takes_no_letter_says_nothing_about_a_reader(desk, answer):
    desk.outbox = MemoryTransport(lambda _: answer)
    sender = replace(desk.service.dispatch.sender, transport=desk.outbox)
    desk.service = replace(desk.service, desk=refitted(desk.service.desk, sender=sender))
    ask(desk.service)

    assert letters(desk) == 0
    assert len(desk.outbox.asked) == 1
    desk.now += timedelta(minutes=1)
    assert letters(desk) == 0
    assert len(desk.outbox.asked) == 1


def test_what_was_not_taken_is_written_again_with_a_link_of_its_own(desk):
    answers = [Receipt(Outcome.NOT_TAKEN, code="450"), Receipt(Outcome.ACCEPTED, "an id")]
    desk.outbox = MemoryTransport(lambda _: answers.pop(0))
    sender = replace(desk.service.dispatch.sender, transport=desk.outbox)
    desk.service = replace(desk.service, desk=refitted(desk.service.desk, sender=sender))
    ask(desk.service)
    assert letters(desk) == 0
    desk.now += timedelta(minutes=30)

    assert letters(desk) == 1
    first, second = (message.values["link"] for _, message in desk.outbox.asked)
    assert first != second
    with desk.service.database.writing() as session:
        assert links.use(session, second, now=desk.now + GOOD_FOR - timedelta(minutes=1))


def test_letters_are_few_for_an_account_and_for_a_network(desk):
    for number in range(OF_ACCOUNT.most + 3):
        desk.now += timedelta(seconds=1)
        ask(desk.service, network=f"198.51.{number}.0/24")
    assert letters(desk) == OF_ACCOUNT.most

    for number in range(OF_NETWORK.most + 3):
        desk.now += timedelta(seconds=1)
        ask(desk.service, f"guess{number}@desk.example")
    with desk.service.database.reading() as session:
        asked = session.exec(select(NoticeRow).where(NoticeRow.kind == "sign-in")).all()
    assert len(asked) == OF_ACCOUNT.most + OF_NETWORK.most


def test_after_a_day_nothing_of_it_is_kept(desk):
    ask(desk.service)
    assert letters(desk) == 1
    desk.now += tidying.LINKS_FOR
    desk.service.welcome()

    assert rows(desk.service) == "[]"


def test_another_letter_is_not_forgotten_with_them(database):
    with database.writing() as session:
        order_link(session, "a hash", "/editor", now=MONDAY)
        session.add(
            NoticeRow(
                key="k", recipient="r", public_id="p", subject="s", text="t", created_at=MONDAY
            )
        )
        tidying.forget_old(session, MONDAY + timedelta(days=60))

    with database.reading() as session:
        assert [row.key for row in session.exec(select(NoticeRow))] == ["k"]
