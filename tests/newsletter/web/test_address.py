"""Moving to another address, page by page: both mailboxes are asked, and nobody learns anything."""

import re
import threading

import pytest
from httpx2 import Response
from sqlalchemy import event
from sqlmodel import select

from newsletter import personal_data
from newsletter.service import Service
from subscribers import queries
from subscribers.address import Address
from subscribers.consent import ConsentEvent
from subscribers.models import AddressChange, SuppressionReason
from subscribers.signup import request
from subscribers.states import State
from subscribers.suppression import suppress
from subscribers.tokens import Purpose
from subscribers.unsubscribe import undo, unsubscribe
from tests.newsletter.sign_up.visiting import INES, OMAR, House
from tests.newsletter.web.doors import without_tokens
from tests.newsletter.web.mailboxes import inbox, link, manage
from tests.snapshot import changed, snapshot
from tests.subscribers.people import yes
from tests.suppression import is_suppressed

NEW = "ines@elsewhere.example"


@pytest.fixture
def house(service: Service) -> House:
    """Ines is on the list."""
    house = House(service)
    house.confirmed(INES)
    house.later(days=2)
    return house


def asks(house: House, new: str = NEW, reader: str = INES) -> Response:
    """Let a reader ask to move, and the letters leave."""
    answer: Response = house.visitor().post(f"{manage(house, reader)}/address", data={"email": new})
    house.service.welcome()
    return answer


def says(house: House, mailbox: str, word: str = "yes") -> Response:
    """Let the owner of a mailbox press a button behind the newest link there."""
    path = link(house, mailbox, "address")
    answer: Response = house.visitor().post(path, data={"answer": word})
    return answer


def wish(house: House) -> AddressChange | None:
    with house.service.database.reading() as session:
        return session.exec(select(AddressChange)).first()


def reader_id(house: House, email: str = INES) -> str:
    reader = house.reader(email)
    assert reader is not None
    return reader.public_id


@pytest.mark.parametrize("order", [(INES, NEW), (NEW, INES)])
def test_letters_move_when_both_mailboxes_have_said_yes_in_any_order(house, order):
    before = house.reader()
    assert asks(house).status_code == 200

    first, second = (says(house, mailbox) for mailbox in order)

    assert "One yes is still missing" in first.text
    assert "your letters have moved" in second.text
    moved = house.reader(NEW)
    assert moved is not None
    assert (moved.id, moved.email, moved.state) == (before.id, NEW, State.ACTIVE)
    assert moved.address_hash != before.address_hash
    assert house.reader(INES) is None


def test_one_yes_changes_nothing(house):
    asks(house)

    for mailbox in (INES, NEW):
        says(house, mailbox)
        asks(house, f"another@{mailbox.partition('@')[2]}")

    assert house.state(INES) is State.ACTIVE
    assert house.state(NEW) is None


def test_the_move_is_kept_as_evidence_without_either_address(house):
    asks(house)
    says(house, INES)
    says(house, NEW)

    moved = house.reader(NEW)
    with house.service.database.reading() as session:
        last = queries.consents_of(session, moved)[-1]
    assert (last.event, last.source) == (ConsentEvent.CHANGED, "http://localhost/address")
    kept = wish(house)
    assert kept is not None
    assert (kept.new_email, kept.new_key, kept.new_hash) == ("", "", "")


def test_the_links_of_the_old_mailbox_open_nothing_any_more_but_the_way_out(house):
    old, reader = manage(house, INES), reader_id(house)
    leave = house.service.signer.sign(Purpose.UNSUBSCRIBE, reader)
    never = house.service.signer.sign(Purpose.NEVER, reader)
    asks(house)
    says(house, INES)
    says(house, NEW)

    assert house.visitor().get(old).status_code == 404
    assert house.visitor().get(manage(house, NEW)).status_code == 200
    assert house.visitor().get(f"/never/{never}").status_code == 200
    assert house.visitor().post(f"/unsubscribe/{leave}").status_code == 200
    assert house.state(NEW) is State.UNSUBSCRIBED


def test_a_never_of_the_old_mailbox_does_not_speak_for_the_new_one(house):
    never = house.service.signer.sign(Purpose.NEVER, reader_id(house))
    asks(house)
    says(house, INES)
    says(house, NEW)

    shown = house.visitor().get(f"/never/{never}")
    pressed = house.visitor().post(f"/never/{never}")

    assert "Nothing is held about you" in shown.text
    assert pressed.text == shown.text
    assert house.state(NEW) is State.ACTIVE


def test_the_same_button_twice_is_once_before_and_after_the_move(house):
    asks(house)

    pages = [says(house, mailbox) for mailbox in (INES, INES, NEW, NEW, INES)]

    assert [page.status_code for page in pages] == [200] * 5
    assert [re.findall("<h1>(.+?)</h1>", page.text)[0] for page in pages] == [
        "Noted. One yes is still missing",
        "Noted. One yes is still missing",
        "Done: your letters have moved",
        "Done: your letters have moved",
        "Done: your letters have moved",
    ]
    moved = house.reader(NEW)
    assert moved is not None
    assert moved.token_epoch == 1


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_opening_a_link_changes_nothing(house, method):
    asks(house)
    before = snapshot(house.service.database)

    answers = [
        house.visitor().request(method, path)
        for path in (
            link(house, INES, "address"),
            link(house, NEW, "address"),
            f"{manage(house, INES)}/address",
        )
    ]

    assert {answer.status_code for answer in answers} == {200}
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}
    assert {answer.headers["x-robots-tag"] for answer in answers} == {"noindex"}
    assert changed(before, snapshot(house.service.database)) == {}


def test_neither_mailbox_is_told_the_other_address_and_nothing_typed_is_in_the_new_ones_letter(
    house,
):
    asks(house, "Nobody.Else@elsewhere.example")
    [to_old], [to_new] = (
        inbox(house, INES, "change_from"),
        inbox(house, "Nobody.Else@elsewhere.example", "change_to"),
    )

    assert "N…@elsewhere.example" in to_old
    assert "obody" not in to_old
    assert "elsewhere" not in to_new
    assert "reader.example" not in to_new
    assert "ines" not in without_tokens(to_new).lower()
    page = house.visitor().get(link(house, "Nobody.Else@elsewhere.example", "address")).text
    assert "reader.example" not in page


@pytest.mark.parametrize("word", ["no", "never"])
def test_the_new_mailbox_may_say_no(house, word):
    asks(house)
    says(house, INES)

    answer = says(house, NEW, word)

    assert answer.status_code == 200
    assert "Everything stays as it is" in answer.text
    assert "Everything stays as it is" in says(house, INES).text
    assert house.state(INES) is State.ACTIVE
    with house.service.database.reading() as session:
        blocked = is_suppressed(session, Address.parse(NEW), pepper=house.service.pepper)
    assert blocked == (word == "never")


def test_the_old_mailbox_may_say_no_and_the_preferences_may_think_better_of_it(house):
    asks(house)
    assert "Everything stays" in says(house, INES, "no").text
    assert "Everything stays" in says(house, NEW).text
    house.later(days=1)

    asks(house)
    page = house.visitor().get(manage(house, INES)).text
    assert "i…@elsewhere.example" in page
    answer = house.visitor().post(f"{manage(house, INES)}/address", data={"action": "stay"})

    assert "Everything stays" in answer.text
    assert "elsewhere" not in house.visitor().get(manage(house, INES)).text
    assert "Everything stays" in says(house, NEW).text
    assert house.state(NEW) is None


def test_the_old_mailbox_cannot_speak_for_the_new_one(house):
    asks(house)

    assert says(house, INES, "never").status_code == 422
    assert says(house, INES, "").status_code == 422
    kept = wish(house)
    assert kept is not None
    assert kept.from_said_at is None


def test_a_later_wish_takes_the_place_of_an_earlier_one(house):
    asks(house, "typo@elsewhere.example")
    earlier = link(house, INES, "address")
    asks(house, NEW)

    assert house.visitor().post(earlier, data={"answer": "yes"}).status_code == 410
    assert says(house, "typo@elsewhere.example").status_code == 410
    says(house, INES)
    assert "have moved" in says(house, NEW).text


def test_the_links_of_a_withdrawn_wish_say_nothing_about_the_next(house):
    asks(house, OMAR)
    says(house, OMAR)
    says(house, INES, "no")
    asks(house, NEW)

    assert says(house, OMAR).status_code == 410
    assert "One yes is still missing" in says(house, INES).text
    assert house.state(INES) is State.ACTIVE


def test_after_three_days_a_wish_is_over_and_then_forgotten(house):
    asks(house)
    says(house, INES)
    paths = [link(house, mailbox, "address") for mailbox in (INES, NEW)]

    house.later(hours=72, seconds=1)
    answers = [house.visitor().post(path, data={"answer": "yes"}) for path in paths]
    shown = [house.visitor().get(path) for path in paths]
    house.later(minutes=20)
    late = [house.visitor().get(path) for path in paths]
    house.service.welcome()

    assert {answer.status_code for answer in (*answers, *shown, *late)} == {410}
    assert house.state(INES) is State.ACTIVE
    assert wish(house) is None


def test_leaving_ends_the_wish_and_taking_it_back_does_not_revive_it(house):
    asks(house)
    says(house, NEW)
    with house.service.database.writing() as session:
        unsubscribe(session, reader_id(house), now=house.now, source="page")
    assert "Everything stays" in says(house, INES).text

    with house.service.database.writing() as session:
        undo(session, reader_id(house), now=house.now, source="page")

    assert "Everything stays" in says(house, INES).text
    assert house.state(INES) is State.ACTIVE


def test_a_break_goes_along(house):
    asks(house)
    house.visitor().post(manage(house, INES), data={"action": "pause-4"})

    says(house, INES)
    says(house, NEW)

    moved = house.reader(NEW)
    assert moved is not None
    assert moved.state is State.PAUSED
    assert moved.paused_until is not None


def test_erasing_ends_the_wish_and_its_letters(house):
    house.visitor().post(f"{manage(house, INES)}/address", data={"email": NEW})
    with house.service.database.writing() as session:
        personal_data.erase(session, reader_id(house), now=house.now)

    house.service.welcome()

    assert house.letters("change") == []
    assert wish(house) is None


def test_an_address_that_was_taken_meanwhile_stays_with_its_owner(house):
    asks(house)
    says(house, INES)
    house.later(days=1)
    house.confirmed(NEW)

    for _ in range(2):
        answer = says(house, INES)
        house.visitor().post(link(house, NEW, "address"), data={"answer": "yes"})
    answer = says(house, NEW)

    assert answer.status_code == 409
    assert "This cannot be done" in answer.text
    assert house.state(INES) is house.state(NEW) is State.ACTIVE
    assert reader_id(house, INES) != reader_id(house, NEW)


@pytest.mark.parametrize("which", [INES, NEW])
def test_suppression_wins_over_a_move_to_it_and_away_from_it(house, which):
    asks(house)
    says(house, INES)
    with house.service.database.writing() as session:
        suppress(session, Address.parse(which), pepper=house.service.pepper, now=house.now)

    says(house, NEW)

    assert house.reader(NEW) is None
    assert house.state(INES) is (State.SUPPRESSED if which == INES else State.ACTIVE)


def test_a_forgotten_person_may_bring_their_address_back_by_moving_to_it(house):
    house.confirmed(OMAR)
    with house.service.database.writing() as session:
        personal_data.erase(session, reader_id(house, OMAR), now=house.now)
    house.later(days=2)

    asks(house, OMAR)
    says(house, INES)
    says(house, OMAR)

    assert house.state(OMAR) is State.ACTIVE
    with house.service.database.reading() as session:
        assert not is_suppressed(session, Address.parse(OMAR), pepper=house.service.pepper)


def kinds_of_address(house: House) -> dict[str, str]:
    """Addresses of every standing; what was written to them is out of all budgets."""
    for name in ("active", "left", "erased", "closed"):
        house.confirmed(f"{name}@reader.example")
    with house.service.database.writing() as session:
        unsubscribe(session, reader_id(house, "left@reader.example"), now=house.now, source="page")
        erased = reader_id(house, "erased@reader.example")
        personal_data.erase(session, erased, now=house.now)
        suppress(
            session,
            Address.parse("closed@reader.example"),
            SuppressionReason.COMPLAINT,
            pepper=house.service.pepper,
            now=house.now,
        )
    house.later(days=31)
    with house.service.database.writing() as session:
        request(
            session,
            Address.parse("pending@reader.example"),
            consent=yes(ConsentEvent.REQUESTED, at=house.now),
            pepper=house.service.pepper,
        )
    names = ("new", "pending", "active", "left", "erased", "closed", "ines")
    return {name: f"{name}@reader.example" for name in names}


def test_the_answer_and_the_work_are_the_same_for_every_address(house):
    answers, statements = {}, {}
    written: list[str] = []
    addresses = kinds_of_address(house)
    asks(house, "first@elsewhere.example")
    house.later(hours=25)

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        written.append(statement)

    for engine in (house.service.database.writer, house.service.database.engine):
        event.listen(engine, "before_cursor_execute", note)
    for name, address in addresses.items():
        path = f"{manage(house, INES)}/address"
        written.clear()
        answer = house.visitor().post(path, data={"email": address})
        statements[name] = list(written)
        kept = {name: value for name, value in answer.headers.items() if name != "date"}
        answers[name] = (answer.status_code, kept, answer.text.replace(path, "PATH"))
        house.later(hours=25)

    assert {status for status, _, _ in answers.values()} == {200}
    tokens = re.compile(r"/manage/[\w-]+")
    assert len({tokens.sub("", text) for _, _, text in answers.values()}) == 1
    assert len({str(headers) for _, headers, _ in answers.values()}) == 1
    first, *others = statements.values()
    assert all(other == first for other in others)


def test_only_addresses_that_are_free_get_a_letter_and_the_old_mailbox_always_does(house):
    addresses = kinds_of_address(house)
    for address in addresses.values():
        asks(house, address)
        house.later(hours=25)

    assert house.letters("change_to") == ["new@reader.example", "erased@reader.example"]
    assert house.letters("change_from") == [INES] * (len(addresses) - 1)  # not for one's own


def test_an_address_gets_one_letter_a_day_whichever_door_it_was_typed_at(house):
    house.asks(NEW)
    house.service.welcome()
    assert inbox(house, NEW, "confirm")

    answer = asks(house, NEW)

    assert "Look into both mailboxes" in answer.text
    assert house.letters("change") == []
    assert wish(house) is None

    asks(house, OMAR)
    assert house.letters("change_to") == [OMAR]
    house.asks(OMAR)
    house.service.welcome()
    assert inbox(house, OMAR, "confirm") == []


def test_another_spelling_of_the_same_mailbox_gets_no_second_letter(house):
    asks(house, "new+1@reader.example")
    house.service.welcome()
    asks(house, "new+2@reader.example")
    house.service.welcome()

    assert inbox(house, "new+2@reader.example") == []


def test_a_reader_can_try_three_addresses_a_day(house):
    for number in range(5):
        assert asks(house, f"new{number}@elsewhere.example").status_code == 200
    assert len(house.letters("change_to")) == 3

    house.later(days=1)
    asks(house, "new4@elsewhere.example")
    assert len(house.letters("change_to")) == 4


def test_the_budgets_of_a_domain_and_of_everybody_hold_here_too(service):
    house = House(service, domain=1)
    house.confirmed(INES)
    house.later(days=2)
    asks(house, "one@elsewhere.example")
    asks(house, "two@elsewhere.example")
    assert house.letters("change_to") == ["one@elsewhere.example"]

    house = House(service, total=1)
    house.later(days=4)
    asks(house, "one@else.example")
    asks(house, "two@where.example")
    assert house.letters("change_to") == ["one@else.example"]


def test_a_letter_that_still_waits_is_not_sent_for_the_next_wish(house):
    path = f"{manage(house, INES)}/address"
    house.visitor().post(path, data={"email": "typo@elsewhere.example"})
    house.visitor().post(path, data={"email": NEW})

    house.service.welcome()

    assert house.letters("change_to") == [NEW]
    assert house.letters("change_from") == [INES]


@pytest.mark.parametrize("typed", ["", "nonsense", "a@b", "ines@reader.example\nBcc: x@y.example"])
def test_what_is_no_address_is_said_so_and_not_repeated(house, typed):
    answer = house.visitor().post(f"{manage(house, INES)}/address", data={"email": typed})

    assert answer.status_code == 422
    assert "This is no address" in answer.text
    assert "nonsense" not in answer.text
    assert wish(house) is None


def test_a_slip_of_the_finger_is_suggested_and_never_enforced(house):
    answer = asks(house, "ines@gmial.com")

    assert "Did you mean gmail.com?" in answer.text
    assert house.letters("change_to") == ["ines@gmial.com"]


def test_who_has_left_cannot_move(house):
    path = f"{manage(house, INES)}/address"
    with house.service.database.writing() as session:
        unsubscribe(session, reader_id(house), now=house.now, source="page")

    assert house.visitor().post(path, data={"email": NEW}).status_code == 409
    assert wish(house) is None


def test_the_link_of_a_letter_does_not_move_anybody(house):
    path = f"{manage(house, INES, Purpose.PREFERENCES)}/address"

    assert house.visitor().get(path).status_code == 404
    assert house.visitor().post(path, data={"email": NEW}).status_code == 404


def test_two_who_want_the_same_address_at_the_same_moment(house):
    house.confirmed(OMAR)
    house.later(days=2)
    asks(house, NEW, INES)
    house.later(days=1)
    asks(house, NEW, OMAR)
    links = re.findall(r"http://localhost(/address/[\w-]+)", "\n".join(inbox(house, NEW)))
    assert len(links) == 2
    says(house, INES)
    says(house, OMAR)
    ready, statuses = threading.Barrier(2), []

    def press(path: str) -> None:
        visitor = house.visitor()
        ready.wait()
        statuses.append(visitor.post(path, data={"answer": "yes"}).status_code)

    threads = [threading.Thread(target=press, args=(path,)) for path in links]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert sorted(statuses) == [200, 409]
    assert [house.state(INES), house.state(OMAR)].count(State.ACTIVE) == 1
    assert house.state(NEW) is State.ACTIVE
