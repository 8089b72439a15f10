import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import pytest

from newsletter.content.verdicts.verdict import Outcome, Standing, Verdict
from newsletter.rendering.checks import CODES, Finding, check
from newsletter.rendering.letter import render
from newsletter.rendering.personal import mark
from newsletter.rendering.rendered import Rendered
from newsletter.rendering.views import Brand, Card, IssueView, Kind, QuoteView, VoteResult
from tests.newsletter.rendering.samples import (
    BRAND,
    MARKS,
    NONCE,
    counted,
    edition,
    item,
    many,
    tool,
    view,
    voted,
    week,
)

HEADERS = {
    "From": BRAND.sender,
    "Reply-To": "editors@letters.example.org",
    "List-Unsubscribe": f"<{BRAND.base_url}/unsubscribe/{MARKS['unsubscribe']}>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    "List-Id": "<the-weekly-verdict.letters.example.org>",
    "List-Archive": f"<{BRAND.base_url}/archive>",
    "List-Post": "NO",
}
EDITIONS: tuple[Kind, ...] = ("topics", "monthly", "followed", "catch-up")
REAL_SITE = "https://verdicts.press"
IMAGE = '<img src="cid:cover">'


@dataclass(frozen=True)
class Good:
    """A letter with nothing wrong, to be broken in one place."""

    rendered: Rendered
    view: IssueView
    brand: Brand = BRAND
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, issue: IssueView, brand: Brand = BRAND) -> "Good":
        return cls(render(issue, NONCE), issue, brand)

    def findings(self) -> list[Finding]:
        return check(self.rendered, self.view, marks=MARKS, brand=self.brand, headers=self.headers)

    def codes(self) -> set[str]:
        return {finding.code for finding in self.findings()}

    def with_html(self, old: str, new: str, times: int = 1) -> "Good":
        assert old in self.rendered.html
        html = self.rendered.html.replace(old, new, times)
        return replace(self, rendered=replace(self.rendered, html=html))

    def with_text(self, old: str, new: str) -> "Good":
        assert old in self.rendered.text
        text = self.rendered.text.replace(old, new, 1)
        return replace(self, rendered=replace(self.rendered, text=text))

    def with_both(self, old: str, new: str) -> "Good":
        return self.with_html(old, new).with_text(old, new)

    def with_first_card(self, change: Callable[[Card], Card]) -> "Good":
        first, *others = self.view.cards
        return Good.of(replace(self.view, cards=(change(first), *others)))

    def with_subject(self, subject: str) -> "Good":
        return Good.of(replace(self.view, subject=subject))

    def with_preheader(self, preheader: str) -> "Good":
        return Good.of(replace(self.view, preheader=preheader))

    def with_headers(self, **changed: str) -> "Good":
        renamed = {name.replace("_", "-"): value for name, value in changed.items()}
        return replace(self, headers={**HEADERS, **renamed})


def _heavier(good: Good, size: int) -> Good:
    missing = size - len(good.rendered.html.encode())
    return good.with_html("</body>", f"<!--{'x' * missing}--></body>")


def _misquoted(card: Card) -> Card:
    quote = replace(card.quotes[0], text="It is perfect.")
    return replace(card, quotes=(quote, *card.quotes[1:]))


def _noted(card: Card) -> Card:
    note = QuoteView("a", card.tool_a.name, "for", 0, 4, "We liked the plan.", False, "", "editor")
    return replace(card, quotes=(note, *card.quotes[1:]), reworded=("for-a",))


def _same_tool(_: Good) -> Good:
    again = item(tool("quillcode", "Quillcode", 100), tool("inkwell", "Inkwell", 25))
    return Good.of(view([*week(), again]))


def _numbers(words: str) -> Callable[[Good], Good]:
    return lambda good: good.with_first_card(lambda card: replace(card, numbers=words))


def _linking(good: Good, url: str) -> Good:
    link = f'<a href="{url}" style="color:#595d65">Past issues</a>'
    return good.with_html(">Past issues</a>", f">Past issues</a>{link}").with_text(
        "Past issues:", f"Past issues:\n{url}\nPast issues:"
    )


def _quotes_exchanged(good: Good) -> Good:
    first, second = good.view.cards[0].quotes[:2]
    shown = re.findall(r"<p[^>]*><span class=\"q\".*?</p>", good.rendered.html, re.DOTALL)
    assert first.text in shown[0]
    assert second.text in shown[1]
    return good.with_html(shown[0], "").with_html(shown[1], shown[1] + shown[0])


def _of_this_issue(issue: IssueView) -> tuple[VoteResult, ...]:
    return tuple(replace(result, issue=issue.number) for result in voted(issue).results)


BROKEN: dict[str, Callable[[Good], Good]] = {
    "empty-issue": lambda _: Good.of(view([])),
    "item-twice": lambda _: Good.of(view([*week(), week()[0]])),
    "same-tool-twice": _same_tool,
    "quote-not-in-source": lambda good: good.with_first_card(_misquoted),
    "case-not-quoted": lambda good: good.with_first_card(
        lambda card: replace(card, case="The case for Quillcode: “best in show” (reviewer 1).")
    ),
    "editor-words-quoted": lambda good: good.with_first_card(_noted).with_html(
        "We liked the plan.", "“We liked the plan.”"
    ),
    "quote-unknown": lambda good: good.with_both(
        "Which one would you ship?", "“You ship one.” Which one would you ship?"
    ),
    "editor-words-attributed": lambda good: good.with_first_card(
        lambda card: replace(card, reworded=("case",), case="Reviewer 3 says it is fine.")
    ),
    "address-in-words": lambda good: good.with_first_card(
        lambda card: replace(card, tool_a=replace(card.tool_a, tagline="See www.quillcode.example"))
    ),
    "verdict-contradicts-numbers": lambda good: good.with_first_card(
        lambda card: replace(card, outcome=Outcome(Standing.LEADS, leader="b", gap=50))
    ),
    "verdict-contradicts-words": _numbers("The panel favours Patchwork IDE."),
    "foreign-number": _numbers("The panel favours Quillcode, 97% to 50%."),
    "paid-overstated": _numbers("The panel favours Quillcode; for Patchwork IDE you must pay."),
    "count-wrong": lambda good: Good.of(replace(good.view, intro=("There are 9 verdicts.",))),
    "subject-missing": lambda good: good.with_subject(" "),
    "subject-too-long": lambda good: good.with_subject("Verdict " * 8),
    "subject-unfinished": lambda good: good.with_subject("TODO: a better subject"),
    "subject-shouts": lambda good: good.with_subject("SIX VERDICTS THIS WEEK"),
    "subject-emoji": lambda good: good.with_subject("Six verdicts this week 🚀"),
    "subject-cuts-name": lambda good: good.with_subject("Six verdicts, led by Patchw"),
    "preheader-missing": lambda good: good.with_preheader(""),
    "preheader-is-subject": lambda good: good.with_preheader(good.view.subject.upper()),
    "preheader-length": lambda good: good.with_preheader("Six verdicts and a tie."),
    "mark-unknown": lambda good: good.with_html("View in browser", mark(NONCE, "phone")),
    "mark-left-over": lambda good: good.with_text("View in browser", f"@@{NONCE}:email@"),
    "template-syntax": lambda good: good.with_text("View in browser", "{{ issue.number }}"),
    "mjml-left-over": lambda good: good.with_html("<h1", "<mj-spacer></mj-spacer><h1"),
    "nothing-in-words": lambda good: good.with_both("Not stated", "None"),
    "unsubscribe-missing": lambda good: good.with_html("/unsubscribe/", "/leave/"),
    "unsubscribe-not-https": lambda _: Good.of(
        view(base_url="http://letters.example.org"),
        replace(BRAND, base_url="http://letters.example.org"),
    ),
    "one-click-missing": lambda good: good.with_headers(List_Unsubscribe_Post=""),
    "preferences-missing": lambda good: good.with_text("/manage/", "/edit/"),
    "preferences-not-https": lambda good: good.with_html(
        f"{BRAND.base_url}/manage/", f"{BRAND.base_url}/manage/".replace("https", "http")
    ),
    "vote-missing": lambda good: good.with_html("?b=1", "?a=1"),
    "base-url-local": lambda _: Good.of(
        view(base_url="https://localhost", site_url=REAL_SITE),
        replace(BRAND, base_url="https://localhost", leaves_host=True),
    ),
    "postal-address-missing": lambda good: good.with_text(
        "12 Harbour Street, Dublin D02 X285, Ireland", "Harbour"
    ),
    "title-differs": lambda good: good.with_html("<title>Quillcode", "<title>Murmur"),
    "issue-line-wrong": lambda good: good.with_both(
        mark(NONCE, "date"), "Tuesday 24 November 2026"
    ),
    "footer-incomplete": lambda good: good.with_both(
        "You get this letter because", "You are here:"
    ),
    "text-missing": lambda good: replace(good, rendered=replace(good.rendered, text="\n")),
    "comparison-missing": lambda good: good.with_text("Deskhand vs", "Deskhand or").with_text(
        "Deskhand vs", "Deskhand or"
    ),
    "words-missing": lambda good: good.with_text(
        "Many small agents, one shared workspace", "Agents"
    ),
    "quote-mislabelled": lambda good: good.with_html(
        "<b>For Quillcode</b>", "<b>Against Quillcode</b>"
    ),
    "percentage-unknown": lambda good: good.with_text("Not stated", "83%"),
    "missing-as-zero": lambda good: good.with_both("No votes yet", "0%"),
    "numbers-differ": lambda good: good.with_html("View in browser", "View in 99 browsers"),
    "links-differ": lambda good: good.with_text("/archive/12\n", "/archive/11\n"),
    "wording-differs": lambda good: good.with_html(
        "<b>Verdict.</b>", "<b>Verdict.</b> Both makers are thieves and liars."
    ),
    "table-wrong": lambda good: good.with_html(">Panel ship</th>", ">Panel</th>"),
    "heading-wrong": lambda good: good.with_html(
        'Quillcode <span style="font-weight:normal">vs</span> Patchwork IDE', "Patchwork IDE"
    ),
    "quote-misplaced": _quotes_exchanged,
    "glance-wrong": lambda good: good.with_text("100% : 50% ", " 50% : 100%"),
    "bar-wrong": lambda good: good.with_html(
        'width="49%" style="background-color:#2f6db5"',
        'width="9%" style="background-color:#2f6db5"',
    ),
    "share-impossible": lambda good: Good.of(
        replace(counted(good.view), results=_of_this_issue(good.view))
    ),
    "results-wrong": lambda good: Good.of(voted(good.view)).with_both("374 votes", "347 votes"),
    "link-leads-nowhere": lambda good: good.with_html(
        ">Past issues</a>",
        '>Past issues</a><a href="javascript:history.back()" style="color:#595d65">Back</a>',
    ),
    "link-not-https": lambda _: Good.of(view(site_url="http://verdicts.example.org")),
    "link-shortened": lambda _: Good.of(view(site_url="https://bit.ly")),
    "link-placeholder": lambda _: Good.of(view(), replace(BRAND, leaves_host=True)),
    "link-disguised": lambda good: _linking(
        good, "https://letters.example.org@letters.example.org/"
    ),
    "link-foreign": lambda good: _linking(good, "https://elsewhere.example.net/offer"),
    "vote-mislabelled": lambda good: good.with_text("I'd ship Quillcode:", "I'd ship Murmur:"),
    "link-mislabelled": lambda good: good.with_html(
        "Read all 8 reviews: Quillcode vs Patchwork IDE</a>",
        "Read all 8 reviews: Larkvoice 2 vs Murmur</a>",
    ),
    "way-out-mislabelled": lambda good: good.with_html(">Unsubscribe<", ">Leave us<"),
    "link-without-words": lambda good: good.with_html(">Past issues<", "><"),
    "link-says-nothing": lambda good: good.with_html(">Past issues<", ">Click here<"),
    "size-near-limit": lambda good: _heavier(good, 95 * 1024),
    "size-over-limit": lambda good: _heavier(good, 101 * 1024),
    "outlook-conditionals": lambda good: good.with_html("<![endif]", ""),
    "script": lambda good: good.with_html("<h1", "<script></script><h1"),
    "data-uri": lambda good: good.with_html(
        "<h1", '<img alt="" src="data:image/gif;base64,R0"><h1'
    ),
    "remote-resource": lambda good: good.with_html(
        "<h1", '<img alt="" src="https://pixel.example.org/1.gif"><h1'
    ),
    "doctype-missing": lambda good: good.with_html("<!doctype html>", ""),
    "charset-missing": lambda good: good.with_html("charset=UTF-8", "charset=latin1"),
    "sign-broken": lambda good: good.with_both("View in browser", "View in brow\ufffdser"),
    "text-too-wide": lambda good: good.with_text("View in browser:", "View in browser: " * 6),
    "text-too-long": lambda good: good.with_text("View in browser:", "View in browser:\n" * 3000),
    "words-hidden": lambda good: good.with_html(
        "Which one would you ship?", '<span style="opacity:0">Which one would you ship?</span>'
    ),
    "contrast-light": lambda good: good.with_html(
        "<h1", '<p class="m" style="color:#c0c0c0;background:#fff">Too faint to read</p><h1'
    ).with_html(
        "</head>",
        "<style>@media (prefers-color-scheme:dark){.m{background:#000!important;"
        "color:#fff!important}}</style></head>",
    ),
    "contrast-dark": lambda good: good.with_html(
        "</head>",
        "<style>@media (prefers-color-scheme:dark){h1{color:#333!important}}</style></head>",
    ).with_html("<h1 ", '<h1 data-x="" '),
    "font-too-small": lambda good: good.with_html(
        "<h1", '<p style="font-size:12px">Small print</p><h1'
    ),
    "language-missing": lambda good: good.with_html('<body lang="en"', "<body"),
    "title-missing": lambda good: good.with_html("<title>", "<title></title><x-t>"),
    "headline-not-one": lambda good: good.with_html("<h1", "<h1>Another week</h1><h1"),
    "table-without-role": lambda good: good.with_html(
        "<h1", "<table><tr><td>Layout</td></tr></table><h1"
    ),
    "alt-missing": lambda good: good.with_html("<h1", f"{IMAGE}<h1"),
}


ALSO: dict[str, set[str]] = {
    "comparison-missing": {"glance-wrong"},
    "words-missing": {"table-wrong"},
    "percentage-unknown": {"table-wrong"},
    "missing-as-zero": {"table-wrong"},
    "nothing-in-words": {"table-wrong"},
}
"""What the same fault is in a narrower view: the cell, or the line at a glance, where it stands."""


@pytest.fixture(scope="module")
def good() -> Good:
    return Good.of(view())


@pytest.mark.parametrize(
    "issue",
    [
        view(),
        view(many(1)),
        view(many(20)),
        view(site_url=None),
        voted(view()),
        voted(view(many(20))),
        counted(view()),
        *(edition(voted(view()), kind) for kind in EDITIONS),
    ],
    ids=[
        "a week",
        "one match-up",
        "twenty match-ups",
        "no site",
        "votes",
        "twenty match-ups and votes",
        "its own votes",
        *EDITIONS,
    ],
)
def test_a_good_letter_trips_nothing(issue: IssueView) -> None:
    assert check(render(issue, NONCE), issue, marks=MARKS, brand=BRAND) == []


@pytest.mark.parametrize("code", BROKEN)
def test_each_fault_trips_exactly_its_code(good: Good, code: str) -> None:
    assert BROKEN[code](good).codes() == {code} | ALSO.get(code, set())


def test_every_rule_has_a_fault_of_its_own() -> None:
    assert set(BROKEN) == set(CODES)


def test_the_messages_headers_are_looked_at_too(good: Good) -> None:
    assert good.with_headers().codes() == set()


def test_a_verdict_word_that_contradicts_its_number_is_seen(good: Good) -> None:
    broken = good.with_first_card(
        lambda card: replace(card, tool_b=replace(card.tool_b, verdict=Verdict.SHIP))
    )

    assert broken.codes() == {"verdict-contradicts-numbers"}


def test_a_mark_in_the_subject_is_seen(good: Good) -> None:
    broken = replace(good, rendered=replace(good.rendered, subject=mark(NONCE, "email")))

    assert broken.codes() == {"mark-left-over"}


def test_a_tool_may_be_called_test() -> None:
    issue = view([item(tool("test-runner", "Test Runner"), tool("todo-app", "Todo"))])

    assert Good.of(issue).codes() == set()


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_http_will_do_on_this_machine(host: str) -> None:
    here = replace(BRAND, base_url=f"http://{host}")

    assert Good.of(view(base_url=here.base_url), here).codes() == set()


@pytest.mark.parametrize(
    "host",
    ["localhost:8000", "127.9.0.1", "[::1]", "news.localhost", "host.localdomain."],
)
def test_a_letter_that_leaves_links_to_nothing_on_this_machine(host: str) -> None:
    here = replace(BRAND, base_url=f"https://{host}", leaves_host=True)

    assert Good.of(view(base_url=here.base_url, site_url=REAL_SITE), here).codes() == {
        "base-url-local"
    }


def test_a_letter_built_before_the_address_was_mended_is_still_held_back() -> None:
    mended = replace(BRAND, leaves_host=True)
    built_before = view(base_url="https://localhost:8000")

    assert "base-url-local" in Good.of(built_before, mended).codes()


def test_an_address_that_others_can_open_is_fine() -> None:
    here = replace(BRAND, base_url="https://letters.verdicts.press", leaves_host=True)

    assert Good.of(view(base_url=here.base_url, site_url=REAL_SITE), here).codes() == set()


@pytest.mark.parametrize(
    "loads",
    [
        '<link rel="stylesheet" href="https://x.example.org/a.css">',
        "<style>@import 'https://x.example.org/a.css';</style>",
        '<p style="background:url(https://x.example.org/a.png)">x</p>',
        '<table role="none" background="https://x.example.org/a.png"></table>',
    ],
)
def test_everything_that_would_be_loaded_is_seen(good: Good, loads: str) -> None:
    assert good.with_html("<h1", f"{loads}<h1").codes() == {"remote-resource"}


def test_an_address_that_was_never_set_blocks() -> None:
    nowhere = replace(BRAND, postal_address=" \n")

    assert Good.of(view(postal_address=""), nowhere).codes() == {"postal-address-missing"}
