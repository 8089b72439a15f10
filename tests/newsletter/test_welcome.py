"""Many ask at once: robots, and real people among them. The budgets hold, and the people get in."""

import threading

import pytest
from sqlmodel import func, select

from newsletter.notices.rows import NoticeRow
from newsletter.service import Service
from newsletter.sign_up.models import SignUpRequest
from subscribers.states import State
from tests.newsletter.sign_up.visiting import INES, OMAR, House

TOTAL, UNPROVEN, NETWORK, DOMAIN = 10, 8, 3, 5

SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For the longest of them, which ask the database nothing that others do not."""


@pytest.fixture
def house(service: Service) -> House:
    return House(service, total=TOTAL, unproven=UNPROVEN, network=NETWORK, domain=DOMAIN)


def robots(house: House, count: int, *, first: int = 0, **fields: str) -> None:
    """Let robots ask for many addresses, each from a network and in a domain of its own."""
    for number in range(first, first + count):
        host = f"10.{number // 250}.{number % 250}.9"
        house.asks(f"victim{number}@domain{number}.example", host, **fields)


def waiting(house: House) -> int:
    with house.service.database.reading() as session:
        return session.exec(select(func.count()).select_from(SignUpRequest)).one()


def test_on_a_quiet_day_everybody_is_answered_at_once_and_nothing_is_computed(house):
    assert house.proof() == ""
    robots(house, UNPROVEN)

    house.service.welcome()

    assert len(house.letters()) == UNPROVEN
    assert waiting(house) == 0
    assert house.notices() == []


@SQLITE
def test_a_flood_for_an_hour_sends_no_more_than_its_budget_and_a_visitor_still_gets_in(house):
    for minute in range(12):
        robots(house, 10, first=10 * minute)
        house.service.welcome()
        house.later(minutes=5)
    assert len(house.letters()) == UNPROVEN
    house.later(minutes=-1)

    proof = house.proof()
    assert proof
    house.asks(INES, "192.0.2.1", altcha=proof)
    house.service.welcome()

    assert house.letters()[UNPROVEN:] == [INES]
    assert len(house.letters()) <= TOTAL


@SQLITE
def test_robots_that_compute_are_held_by_the_total_too(house):
    robots(house, UNPROVEN + 1)
    for number in range(TOTAL):
        house.asks(f"x{number}@y{number}.example", f"172.16.{number}.1", altcha=house.proof())

    house.service.welcome()

    assert len(house.letters()) == TOTAL
    assert waiting(house) == UNPROVEN + 1


def test_one_proof_serves_one_request(house):
    robots(house, UNPROVEN)
    house.service.welcome()
    proof = house.proof()

    house.asks(INES, altcha=proof)
    house.asks(OMAR, altcha=proof)
    house.service.welcome()

    assert house.letters()[UNPROVEN:] == [INES]


def test_who_brings_no_proof_in_a_storm_is_served_later_and_not_refused(house):
    robots(house, UNPROVEN)
    house.service.welcome()
    answer = house.asks(INES, "192.0.2.1")
    house.service.welcome()
    assert answer.status_code == 200
    assert INES not in house.letters()

    house.later(hours=1)
    house.service.welcome()

    assert house.letters()[-1] == INES


def test_who_waits_and_then_brings_a_proof_is_served_at_once(house):
    robots(house, UNPROVEN)
    house.service.welcome()
    house.asks(INES)
    house.service.welcome()

    house.asks(INES, altcha=house.proof())
    house.service.welcome()

    assert house.letters()[-1] == INES
    assert waiting(house) == 0


def test_after_a_flood_those_who_ask_now_come_before_what_it_left(house):
    robots(house, 10 * UNPROVEN)
    house.service.welcome()
    house.later(hours=1)

    house.asks(INES, "192.0.2.1")
    house.service.welcome()

    assert INES in house.letters()
    assert len(house.letters()) == 2 * UNPROVEN


def test_what_a_flood_left_is_forgotten_after_a_day(house):
    robots(house, 3 * UNPROVEN)
    house.service.welcome()
    assert waiting(house) == 2 * UNPROVEN

    house.later(hours=24, seconds=1)
    house.service.welcome()

    assert waiting(house) == 0
    assert len(house.letters()) == UNPROVEN


@pytest.mark.parametrize("host", ["10.0.0.{}", "2001:db8:0:1::{}"])
def test_one_network_gets_only_so_many(house, host):
    for number in range(1, 2 * NETWORK + 1):
        house.asks(f"x{number}@y{number}.example", host.format(number))
    house.asks(INES, "192.0.2.1")
    house.service.welcome()

    assert len(house.letters()) == NETWORK + 1
    assert INES in house.letters()


def test_one_domain_gets_only_so_many_unless_it_is_a_large_one(house):
    for number in range(DOMAIN + 2):
        house.asks(f"x{number}@company.example", f"10.0.{number}.1")
    house.service.welcome()
    assert len(house.letters()) == DOMAIN

    house.later(hours=2)
    for number in range(DOMAIN + 2):
        house.asks(f"x{number}@gmail.com", f"10.1.{number}.1")
    house.service.welcome()

    assert sum(address.endswith("gmail.com") for address in house.letters()) == DOMAIN + 2


def test_all_mailboxes_of_a_small_domain_together_get_only_so_many_a_day(service):
    house = House(service, domain=DOMAIN, domain_daily=2 * DOMAIN)
    for hour in range(5):
        for number in range(DOMAIN):
            house.asks(f"x{hour}-{number}@catch-all.example", f"10.{hour}.{number}.1")
        house.service.welcome()
        house.later(hours=1)

    assert len(house.letters()) == 2 * DOMAIN


def test_what_is_odd_waits_an_hour_unless_it_is_proven(house):
    stamp = house.service.reception.stamp()
    house.asks("x@mailinator.com", "10.0.0.1")
    house.asks(OMAR, "10.0.1.1", stamp=stamp)
    house.service.welcome()
    assert house.letters() == []

    house.later(hours=1)
    house.service.welcome()

    assert sorted(house.letters()) == [OMAR, "x@mailinator.com"]


def test_who_takes_their_time_with_the_form_is_answered_at_once(house):
    stamp = house.service.reception.stamp()
    house.later(seconds=2)
    house.asks(OMAR, stamp=stamp)

    house.service.welcome()

    assert house.letters() == [OMAR]


def test_the_editors_are_told_once_a_day(house):
    for _ in range(3):
        robots(house, 3 * UNPROVEN)
        house.service.welcome()
        house.later(hours=2)
    assert len(house.notices()) == 1

    house.later(days=1)
    robots(house, 3 * UNPROVEN, first=1000)
    house.service.welcome()

    assert len(house.notices()) == 2


def test_a_flood_of_posts_does_not_fill_the_disk(service):
    house = House(service)
    for _ in range(120):
        house.asks(f"x{_}@y{_}.example", "10.0.0.1")

    assert waiting(house) == 100


def test_a_flood_from_one_network_is_felt_there_alone_and_a_neighbour_still_gets_in(service):
    house = House(service, unproven=110)
    for number in range(120):
        house.asks(f"x{number}@y{number}.example", "10.0.0.1")

    assert house.proof("192.0.2.1") == ""
    house.asks(INES, "10.0.0.7", altcha=house.proof("10.0.0.7"))
    house.service.welcome()

    assert INES in house.letters()


def test_an_address_typed_everywhere_at_once_gets_one_letter(house):
    ready = threading.Barrier(16)

    def robot(number: int) -> None:
        ready.wait()
        house.asks(INES, f"10.0.{number}.1")
        house.service.reception.answer()

    threads = [threading.Thread(target=robot, args=(number,)) for number in range(16)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    house.service.welcome()

    assert house.letters() == [INES]
    assert house.state() == State.PENDING


def test_processes_that_answer_at_once_answer_everybody_once(service):
    house = House(service)
    robots(house, 30)
    ready = threading.Barrier(4)

    def process() -> None:
        ready.wait()
        house.service.welcome()

    threads = [threading.Thread(target=process) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert len(house.letters()) == len(set(house.letters())) == 30


def test_no_address_and_no_token_waits_among_the_letters(house):
    house.asks(INES)
    house.service.reception.answer()

    with house.service.database.reading() as session:
        [row] = session.exec(select(NoticeRow)).all()
    assert "@" not in row.model_dump_json()
    assert (row.kind, row.subject, row.text) == ("confirm", "", "")
