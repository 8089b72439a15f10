"""Faults of a template that look right at first sight: exchanged, hidden, loaded, misnamed."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.newsletter.rendering.samples import BRAND, item, tool, view
from tests.newsletter.rendering.test_checks import Good, _linking

PIXEL = '<img src="https://pixel.example.net/1.gif" alt="">'
SECOND_VERDICT = 'line-height:1.45"><b>Verdict'


@pytest.fixture(scope="module")
def good() -> Good:
    return Good.of(view())


def exchanged(good: Good, part: str, one: str, other: str) -> Good:
    text = getattr(good.rendered, part)
    assert one in text
    assert other in text
    swapped = text.replace(one, "\0", 1).replace(other, one, 1).replace("\0", other, 1)
    return replace(good, rendered=replace(good.rendered, **{part: swapped}))


@pytest.mark.parametrize(
    "hiding",
    [
        "display:none",
        "visibility:hidden",
        "opacity:0",
        "font-size:0",
        "text-indent:-9999px",
        "position:absolute;left:-9999px",
        "margin-left:-100em",
        "max-height:0;overflow:hidden",
        "height:0;overflow:hidden",
        "clip:rect(0,0,0,0)",
        "clip-path:inset(100%)",
        "transform:scale(0)",
        "mso-hide:all",
    ],
)
def test_words_are_not_hidden_in_any_way(good: Good, hiding: str) -> None:
    hidden = good.with_html(
        "Which one would you ship?", f'<b style="{hiding}">Which one would you ship?</b>'
    )

    assert hidden.codes() == {"words-hidden"}


@pytest.mark.parametrize(
    "wrapper", ['<b hidden="">', '<b style="display:none"><i style="display:inline">']
)
def test_the_way_out_is_not_hidden_by_what_it_stands_in(good: Good, wrapper: str) -> None:
    hidden = good.with_html(">Unsubscribe<", f">{wrapper}Unsubscribe</i></b><")

    assert hidden.codes() == {"words-hidden"}


def test_words_for_outlook_alone_are_hidden_from_all_others(good: Good) -> None:
    only = good.with_html("</body>", "<!--[if mso]><p>Only you read this</p><![endif]--></body>")

    assert only.codes() == {"words-hidden"}


@pytest.mark.parametrize(
    "loads",
    [
        f"<!--[if mso]>{PIXEL}<![endif]-->",
        '<!--[if gte mso 9]><v:fill src="https://x.example.net/a.png"/><![endif]-->',
        "<!--[if mso]><style>a{background:url(https://x.example.net/a)}</style><![endif]-->",
        '<div style="background:u\\72l(https://x.example.net/a)"></div>',
        '<div style="background:url(\nhttps://x.example.net/a)"></div>',
        "<div style=\"background-image:image-set('https://x.example.net/a' 1x)\"></div>",
        '<style>@\\69mport "https://x.example.net/a.css";</style>',
        '<style>@import url("https://x.example.net/a.css");</style>',
        '<svg><image href="https://x.example.net/a"></image></svg>',
        '<svg><image xlink:href="https://x.example.net/a"></image></svg>',
        '<svg><use href="https://x.example.net/a#b"></use></svg>',
        '<video poster="HTTPS://x.example.net/a"></video>',
    ],
)
def test_nothing_is_loaded_however_it_is_written(good: Good, loads: str) -> None:
    assert good.with_html("<h1", f"{loads}<h1").codes() == {"remote-resource"}


@pytest.mark.parametrize(
    "runs",
    [
        '<p onclick="steal()"></p>',
        '<meta http-equiv="refresh" content="0;url=https://x.example.net/">',
        "<base>",
        '<p ping="https://x.example.net/"></p>',
        '<button formaction="https://x.example.net/"></button>',
        "<form></form>",
        "<iframe></iframe>",
        "<template></template>",
        '<!--[if mso]><p onload="x()"></p><![endif]-->',
    ],
)
def test_nothing_runs_and_nobody_is_sent_on(good: Good, runs: str) -> None:
    assert good.with_html("<h1", f"{runs}<h1").codes() == {"script"}


def test_numbers_at_a_glance_belong_to_their_names(good: Good) -> None:
    shares = re.findall(r'<td class="n"[^>]*>\d+%</td>', good.rendered.html)
    names = re.findall(r'<td class="g"[^>]*>[^<]*</td>', good.rendered.html)

    assert exchanged(good, "html", shares[0], shares[1]).codes() == {"glance-wrong"}
    assert "glance-wrong" in exchanged(good, "html", names[0], names[1]).codes()
    assert "glance-wrong" in exchanged(good, "html", names[0], names[3]).codes()


def test_the_leader_is_bold_at_a_glance(good: Good) -> None:
    assert good.with_html(";font-weight:bold", "").codes() == {"glance-wrong"}


@pytest.mark.parametrize("part", ["html", "text"])
def test_a_vote_is_for_the_tool_it_names(good: Good, part: str) -> None:
    assert exchanged(good, part, "?a=1", "?b=1").codes() == {"vote-mislabelled"}


def test_a_vote_is_called_what_it_shows(good: Good) -> None:
    other = good.with_html("aria-label=\"I'd ship Quillcode", "aria-label=\"I'd ship Murmur")

    assert other.codes() == {"vote-mislabelled"}


def test_a_tool_whose_name_ends_the_others_is_not_mistaken() -> None:
    issue = view([item(tool("tab", "Tab", 100), tool("cursor-tab", "Cursor Tab", 50))])

    assert Good.of(issue).codes() == set()
    assert exchanged(Good.of(issue), "html", "?a=1", "?b=1").codes() == {"vote-mislabelled"}


@pytest.mark.parametrize("part", ["html", "text"])
def test_a_card_links_to_itself(good: Good, part: str) -> None:
    first, second = (card.url for card in good.view.cards[:2])
    end = '"' if part == "html" else "\n"

    assert exchanged(good, part, first + end, second + end).codes() == {"link-mislabelled"}


def test_an_anchor_belongs_to_its_card(good: Good) -> None:
    first, second = (f'id="{card.anchor}"' for card in good.view.cards[:2])

    assert "heading-wrong" in exchanged(good, "html", first, second).codes()


def test_the_two_ways_are_not_exchanged(good: Good) -> None:
    html = exchanged(good, "html", ">Preferences<", ">Unsubscribe<")
    text = exchanged(good, "text", "Preferences:", "Unsubscribe:")

    assert html.codes() == text.codes() == {"way-out-mislabelled"}


def test_no_other_link_says_that_it_is_the_way_out(good: Good) -> None:
    assert good.with_html(">Past issues<", ">Unsubscribe<").codes() == {"way-out-mislabelled"}


@pytest.mark.parametrize("instead", ["-", "0 votes", "zero percent", ""])
def test_what_is_missing_is_said_in_words(good: Good, instead: str) -> None:
    assert good.with_html("No votes yet", instead).codes() == {"table-wrong"}
    assert good.with_text("No votes yet", instead).codes() == {"table-wrong"}


def test_a_quote_stands_by_the_side_of_its_tool(good: Good) -> None:
    shown = re.findall(r'<p[^>]*><span class="q".*?</p>', good.rendered.html, re.DOTALL)
    moved = good.with_html(shown[2], "").with_html(shown[1], shown[1] + shown[2])

    assert moved.codes() == {"quote-misplaced"}


@pytest.mark.parametrize("marks", ["“”", "„“", "«»", "‘’", '""'])
def test_no_quote_is_made_up_in_any_marks(good: Good, marks: str) -> None:
    made_up = f"{marks[0]}You ship one.{marks[1]} Which one would you ship?"

    assert good.with_both("Which one would you ship?", made_up).codes() == {"quote-unknown"}


def test_a_reviewer_more_than_the_issue_has_is_made_up(good: Good) -> None:
    more = "Reviewer 1 of 4: you ship one. Which one would you ship?"

    assert good.with_both("Which one would you ship?", more).codes() == {"quote-unknown"}


@pytest.mark.parametrize(
    "url", ["https://user:word@elsewhere.example.net/", "https://letters.example.org@evil.example/"]
)
def test_a_host_behind_another_is_seen(good: Good, url: str) -> None:
    assert _linking(good, url).codes() == {"link-disguised", "link-foreign"}


@pytest.mark.parametrize(
    "url",
    [f"{BRAND.base_url}.evil.example/", "HTTPS://EVIL.EXAMPLE/", "mailto:offers@evil.example"],
)
def test_hosts_are_compared_whole(good: Good, url: str) -> None:
    assert "link-foreign" in _linking(good, url).codes()


def spoil(part: str, pattern: str, instead: str) -> Callable[[Good], Good]:
    def spoilt(good: Good) -> Good:
        text, times = re.subn(pattern, instead, getattr(good.rendered, part))
        assert times
        return replace(good, rendered=replace(good.rendered, **{part: text}))

    return spoilt


@pytest.mark.parametrize("part", ["html", "text"])
@pytest.mark.parametrize("page", ["archive", "how-verdicts-are-made"])
def test_the_footer_leads_to_both_pages(good: Good, part: str, page: str) -> None:
    end = '"' if part == "html" else "\n"
    gone = spoil(part, rf"letters.example.org/{page}{end}", f"letters.example.org/gone{end}")

    assert "footer-incomplete" in gone(good).codes()


def test_a_nul_is_a_broken_sign(good: Good) -> None:
    assert "sign-broken" in good.with_html("Verdict.", "Ver\0dict.").codes()
