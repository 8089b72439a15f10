from time import monotonic

import pytest

from newsletter.links.answer import Answer
from newsletter.links.asking import AT_ONCE, NOT_REACHED, Patience, ask_all
from tests.addresses import NOBODYS_NAME, reserved_port

PATIENT = Patience(each=20, together=20)
HASTY = Patience(each=0.1, together=20)


def ask(url: str, patience: Patience = PATIENT) -> Answer:
    [answer] = ask_all([url], patience)
    return answer


@pytest.mark.parametrize("status", [200, 403, 404, 410, 500])
def test_the_status_of_a_page_is_its_answer(site, status):
    assert ask(site.url(f"/{status}")) == Answer(site.url(f"/{status}"), status)


def test_a_page_that_answers_head_is_not_asked_again(site):
    ask(site.url("/200"))

    assert site.asked == {"HEAD /200": 1}


@pytest.mark.parametrize("path", ["/get-only", "/hates-head", "/drops-head"])
def test_what_refuses_head_is_asked_by_get_and_only_that_counts(site, path):
    assert ask(site.url(path)).status == 200
    assert site.asked[f"GET {path}"] == 1


def test_redirects_are_followed_to_the_page_in_the_end(site):
    assert ask(site.url("/to/to/to/200")).status == 200
    assert ask(site.url("/to/410")).status == 410


def test_a_circle_of_redirects_ends_and_is_no_verdict(site):
    answer = ask(site.url("/loop"))

    assert answer.status is None
    assert "redirects" in answer.detail


@pytest.mark.parametrize("path", ["/slow", "/drip", "/to/slow"])
def test_a_slow_answer_is_called_off_in_the_middle_of_a_byte_if_need_be(site, path):
    answer = ask(site.url(path), HASTY)

    assert answer == Answer(site.url(path), None, "no answer within 0.1 s")


def test_all_links_together_have_a_limit_and_the_quick_ones_are_kept(site):
    slow = [site.url(f"/slow?{number}") for number in range(AT_ONCE)]
    started = monotonic()

    answers = ask_all([site.url("/200"), *slow, site.url("/404")], Patience(20, 2))

    assert monotonic() - started < 10
    assert [answer.status for answer in answers] == [200] + [None] * (AT_ONCE + 1)
    assert answers[-1].detail == NOT_REACHED


def test_a_name_that_nobody_has_is_silence():
    answer = ask(f"http://{NOBODYS_NAME}/")

    assert answer.status is None
    assert "not known" in answer.detail


def test_a_port_where_nobody_listens_is_silence():
    with reserved_port() as port:
        assert ask(f"http://127.0.0.1:{port}/200").status is None


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("ftp://example.org/", "only http"),
        ("http://", "only http"),
        ("http://user:word@example.org/", "user name or password"),
        ("http://example.org:port/", "not a valid address"),
    ],
)
def test_what_cannot_be_asked_is_answered_with_the_reason(address, reason):
    assert reason in ask(address).detail


@pytest.mark.parametrize("name", ["2130706433", "127.1", "0x7f000001"])
def test_what_does_not_look_inside_but_leads_there_is_not_asked(site, name):
    answer = ask(site.url("/200").replace("127.0.0.1", name))

    assert "private network" in answer.detail
    assert not site.asked


def test_no_address_is_no_work():
    assert ask_all([], PATIENT) == []
