import pytest

from newsletter.links.answer import FRESH, Answer, Standing


@pytest.mark.parametrize("status", [200, 204, 206, 304, 401, 403, 429])
def test_a_page_that_is_there_is_alive_even_when_it_is_shown_only_to_others(status):
    assert Answer("https://example.org/", status).standing is Standing.ALIVE


@pytest.mark.parametrize("status", [400, 404, 405, 410, 418, 451])
def test_a_server_that_says_no_makes_a_link_dead(status):
    assert Answer("https://example.org/", status).standing is Standing.DEAD


@pytest.mark.parametrize("status", [None, 408, 500, 502, 503, 504, 530])
def test_a_server_in_trouble_says_nothing_about_a_link(status):
    assert Answer("https://example.org/", status).standing is Standing.SILENT


def test_bad_news_is_believed_for_a_shorter_time_than_good_news():
    assert FRESH[Standing.DEAD] < FRESH[Standing.ALIVE]
    assert FRESH[Standing.SILENT] < FRESH[Standing.ALIVE]
