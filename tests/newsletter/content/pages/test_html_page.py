from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.content.pages.html_page import read_html
from newsletter.content.pages.page_text import read_comparison
from newsletter.content.refusals import Unreadable
from tests.newsletter.content.page_factory import ADDRESS, page


def test_a_page_says_the_same_as_html_and_as_text():
    html = page().html()

    assert read_comparison(read_html(html).text) == read_comparison(page().compact())


@pytest.mark.parametrize(
    "link",
    [
        f'<link rel="canonical" href="{ADDRESS}">',
        f'<link rel="alternate canonical" href="{ADDRESS}">',
        f'<meta property="og:url" content="{ADDRESS}">',
        f'<link rel="canonical" href="/"><meta property="og:url" content="{ADDRESS}">',
    ],
)
def test_the_page_tells_its_own_address(link):
    assert read_html(page().html(link)).address == ADDRESS


@pytest.mark.parametrize(
    ("data", "day"),
    [
        ('{"@type": "Article", "datePublished": "2026-04-24"}', date(2026, 4, 24)),
        ('{"dateModified": "2026-05-01T23:30:00-05:00"}', date(2026, 5, 2)),
        ('{"@graph": [{"dateModified": "2026-05-01"}, {"datePublished": "2026-04-24"}]}',
         date(2026, 4, 24)),
        ('{"dateCreated": "2026-04-24"}', None),
        ('{"datePublished": "last week"}', None),
        ('{"datePublished": 20260424}', None),
        ('{"datePublished": "0001-01-01T00:00:00+01:00"}', None),
        ('{"datePublished": "9999-12-31T23:59:59-05:00", "dateModified": "2026-05-01"}',
         date(2026, 5, 1)),
        ('[1, null, "x"]', None),
        ("{broken", None),
    ],
)  # fmt: skip
def test_only_a_declared_date_is_the_pages_date(data, day):
    script = f'<script type="application/ld+json">{data}</script>'

    assert read_html(page().html(script)).published_on == day


def test_what_a_reader_does_not_see_is_left_out():
    html = (
        "<p>seen</p><script>no</script><style>no</style><template>no</template><noscript>no"
        "</noscript><p hidden>no</p><p style='display: none'>no</p><svg><text>no</text></svg>"
        "<!-- no --><textarea>no</textarea>"
    )

    assert read_html(html).text.split() == ["seen"]


def test_inline_elements_stay_in_their_sentence():
    html = "<div><p>Run <code>lamp &lt;commit-hash&gt;</code> with <b>care</b>.<br>Then rest.</p></div>"

    assert read_html(html).text == "Run lamp <commit-hash> with care.\nThen rest."


def test_values_beside_their_labels_become_lines():
    html = "<div><span>75%</span> <span>Panel ship</span></div>"

    assert read_html(html).text == "75%\nPanel ship"


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<",
        "</p></div>",
        "<p>a<div>b</span>",
        "<div>" * 5_000 + "deep",
        "<html><body><p>&#0;&bogus;",
    ],
    ids=["empty", "one mark", "only ends", "crossed", "deep", "entities"],
)
def test_malformed_html_does_not_raise(html):
    assert isinstance(read_html(html).text, str)


def test_html_that_would_stall_the_parser_is_refused():
    with pytest.raises(Unreadable, match="50,000 tags"):
        read_html("<div>" * 60_000)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3000))
def test_a_cut_page_as_html_is_read_like_one_as_text(end):
    html = page().html()
    full = read_comparison(read_html(html).text)

    text = read_html(html[:end]).text

    if "\nReviewer scorecard\n" in text:
        assert read_comparison(text).tool_b == full.tool_b
