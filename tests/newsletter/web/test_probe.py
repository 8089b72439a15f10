from dataclasses import replace

import pytest
from sqlmodel import select

from newsletter.issues.models import Issue
from newsletter.service import Service
from newsletter.web.probe import PageWrites, Probe, _as_if_published
from subscribers.models import StateChange
from subscribers.tokens import Purpose
from tests.factories import MONDAY, add_subscribers, store_comparisons

NOBODY = "A" * 12


@pytest.fixture
def draft(service: Service) -> Issue:
    with service.database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 2)
    return service.desk.build(service.desk.slots.next(), actor="test")


def statuses(service: Service, number: int, *paths: str) -> list[int]:
    return [answer.status for answer in Probe(service).get(paths, published=number)]


def test_pages_answer_and_what_is_not_there_does_not(service, draft):
    assert statuses(service, draft.number, "/archive", "/how-verdicts-are-made", "/nothing") == [
        200,
        200,
        404,
    ]


def test_an_issue_that_has_not_left_is_asked_for_as_it_will_be(service, draft):
    [answer] = Probe(service).get([f"/archive/{draft.number}"], published=draft.number)

    assert answer.status == 200
    assert 'id="c-left-1-vs-right-1"' in answer.page


def test_looking_at_an_issue_publishes_nothing(service, draft):
    Probe(service).get([f"/archive/{draft.number}"], published=draft.number)

    with service.database.reading() as session:
        assert session.exec(select(Issue.sending_at)).one() is None
    assert statuses(service, 0, f"/archive/{draft.number}") == [404]


def test_a_page_that_wants_to_write_while_it_is_looked_at_is_refused(service, draft):
    with _as_if_published(service, draft.number) as rehearsing, pytest.raises(PageWrites):
        rehearsing.database.writing()


def test_a_service_that_is_broken_inside_answers_500(service, draft):
    broken = replace(service, window=None)

    assert statuses(broken, draft.number, "/") == [500]


def test_the_button_of_the_way_out_works_for_a_genuine_token_of_nobodys(service, draft):
    token = service.signer.sign(Purpose.UNSUBSCRIBE, NOBODY, issue=1)

    assert Probe(service).post(f"/unsubscribe/{token}") == 200
    assert Probe(service).post("/unsubscribe/forged") == 404
    with service.database.reading() as session:
        assert not session.exec(select(StateChange).where(StateChange.at == MONDAY)).all()


def test_a_service_under_a_path_is_asked_as_its_proxy_asks_it(service, draft):
    settings = service.settings.model_copy(update={"base_url": "https://example.org/letters"})

    assert statuses(replace(service, settings=settings), draft.number, "/archive") == [200]
