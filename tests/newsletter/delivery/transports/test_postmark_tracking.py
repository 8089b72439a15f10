"""Which links Postmark is told to leave alone: all but those that it may count."""

import pytest

from newsletter.delivery.letterhead import values_of_a_test
from newsletter.delivery.transports.postmark_handover import prepare
from newsletter.delivery.transports.postmark_tracking import tracking_only
from newsletter.issues import frozen
from newsletter.rendering.personal import Marked
from tests.factories import MONDAY, add_subscribers, store_comparisons

ALONE = "data-pm-no-track"


def mended(html: str) -> str:
    letter = Marked.split(html, "0n0nce", frozenset({"unsubscribe"}))
    return tracking_only(letter, {"https://a.example/?x=1&y=2"}).fill_html({"unsubscribe": "T"})


@pytest.mark.parametrize(
    "link",
    [
        '<a href="https://a.example/other">',
        '<a class="x" href="https://b.example/unsubscribe/@@0n0nce:unsubscribe@@">',
        '<A style="color:red" href="">',
        "<a href='https://a.example/?x=1&amp;y=2'>",
        "<a>",
    ],
)
def test_any_other_link_is_left_alone(link):
    assert mended(f"<p>{link}words</a></p>").lower().startswith(f"<p><a {ALONE}")


def test_a_link_that_may_be_counted_stays_as_it_is():
    html = (
        '<p><a style="color:red" href="https://a.example/?x=1&amp;y=2">words</a> <abbr>x</abbr></p>'
    )

    assert mended(html) == html


@pytest.fixture
def mailing(request, service):
    """The mailing of a real issue, with clicks counted or not."""
    with service.database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 1)
    issue = service.desk.build(service.desk.slots.next(), actor="test")
    issue.tracks_clicks = request.param
    return service.dispatch.sender.letterhead.mailing(issue), frozen.view(issue)


on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@on_sqlite
@pytest.mark.parametrize("mailing", [False], indirect=True)
@pytest.mark.parametrize("handover", ["template", "batch", "bulk"])
def test_without_the_setting_a_letter_has_no_pixel_and_no_tracked_link(mailing, handover):
    letter, _ = mailing
    prepared = prepare(letter, handover, "broadcast")
    html = letter.html.fill_html(values_of_a_test(MONDAY.date(), "a@b.example"))

    assert letter.tracked == frozenset()
    assert "<img" not in html
    assert ALONE not in html
    assert b'"TrackLinks":"None"' in _bytes(prepared)
    assert b'"TrackOpens":false' in _bytes(prepared)


@on_sqlite
@pytest.mark.parametrize("mailing", [True], indirect=True)
@pytest.mark.parametrize("handover", ["template", "batch", "bulk"])
def test_with_it_links_to_match_ups_are_tracked_in_html_and_nothing_else_is(mailing, handover):
    letter, view = mailing
    prepared = prepare(letter, handover, "broadcast")
    html = tracking_only(letter.html, letter.tracked)
    filled = html.fill_html(values_of_a_test(MONDAY.date(), "a@b.example"))
    tags = [tag.partition(">")[0] for tag in filled.split("<a ")[1:]]
    counted = [tag for tag in tags if ALONE not in tag]

    assert letter.tracked == {row.url for row in view.match_ups}
    assert counted
    assert all(any(f'href="{row.url}"' in tag for row in view.match_ups) for tag in counted)
    assert not any(way in tag for tag in counted for way in ("/unsubscribe/", "/vote/", "/p/"))
    assert b'"TrackLinks":"HtmlOnly"' in _bytes(prepared)
    assert b'"TrackOpens":false' in _bytes(prepared)


def _bytes(prepared):
    return prepared.opening + b"".join(prepared.stencil.parts)
