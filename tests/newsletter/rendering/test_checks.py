from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from newsletter.content.verdicts.verdict import Outcome, Standing, Verdict
from newsletter.rendering.checks import RULES, check
from newsletter.rendering.letter import Rendered, render
from newsletter.rendering.personal import mark
from newsletter.rendering.views import Brand, Card, IssueView
from tests.newsletter.rendering.samples import BRAND, MARKS, NONCE, item, many, tool, view


@dataclass(frozen=True)
class Good:
    """A letter with nothing wrong, to be broken in one place."""

    rendered: Rendered
    view: IssueView
    brand: Brand = BRAND

    @classmethod
    def of(cls, issue: IssueView, brand: Brand = BRAND) -> "Good":
        return cls(render(issue, NONCE), issue, brand)

    def codes(self) -> set[str]:
        findings = check(self.rendered, self.view, marks=MARKS, brand=self.brand)
        return {finding.code for finding in findings}

    def with_html(self, old: str, new: str) -> "Good":
        assert old in self.rendered.html
        html = self.rendered.html.replace(old, new, 1)
        return replace(self, rendered=replace(self.rendered, html=html))

    def with_text(self, old: str, new: str) -> "Good":
        assert old in self.rendered.text
        text = self.rendered.text.replace(old, new, 1)
        return replace(self, rendered=replace(self.rendered, text=text))

    def with_first_card(self, change: Callable[[Card], Card]) -> "Good":
        first, *others = self.view.cards
        return Good.of(replace(self.view, cards=(change(first), *others)))

    def with_subject(self, subject: str) -> "Good":
        return Good.of(replace(self.view, subject=subject))


def _heavier(good: Good, size: int) -> Good:
    missing = size - len(good.rendered.html.encode())
    return good.with_html("</body>", f"<!--{'x' * missing}--></body>")


def _misquoted(card: Card) -> Card:
    quote = replace(card.quotes[0], text="It is perfect.")
    return replace(card, quotes=(quote, *card.quotes[1:]))


def _same_tool(good: Good) -> Good:
    again = item(tool("quillcode", "Quillcode", 100), tool("inkwell", "Inkwell", 25))
    first = view([again])
    return Good.of(replace(good.view, cards=(*good.view.cards, *first.cards)))


BROKEN: dict[str, Callable[[Good], Good]] = {
    "empty-issue": lambda _: Good.of(view([])),
    "item-twice": lambda good: Good.of(
        replace(good.view, cards=(*good.view.cards, good.view.cards[0]))
    ),
    "same-tool-twice": _same_tool,
    "quote-not-in-source": lambda good: good.with_first_card(_misquoted),
    "case-not-quoted": lambda good: good.with_first_card(
        lambda card: replace(card, case="The case for Quillcode: “best in show” (reviewer 1).")
    ),
    "verdict-contradicts-numbers": lambda good: good.with_first_card(
        lambda card: replace(card, outcome=Outcome(Standing.LEADS, leader="b", gap=50))
    ),
    "foreign-number": lambda good: good.with_first_card(
        lambda card: replace(card, numbers="The panel favours Quillcode, 97% to 50%.")
    ),
    "subject-missing": lambda good: good.with_subject(" "),
    "subject-too-long": lambda good: good.with_subject("Verdict " * 8),
    "subject-unfinished": lambda good: good.with_subject("TODO: a better subject"),
    "preheader-missing": lambda good: Good.of(replace(good.view, preheader="")),
    "preheader-is-subject": lambda good: Good.of(
        replace(good.view, preheader=good.view.subject.upper())
    ),
    "mark-unknown": lambda good: good.with_html("View in browser", mark(NONCE, "phone")),
    "mark-left-over": lambda good: good.with_text("View in browser", f"@@{NONCE}:email@"),
    "unsubscribe-missing": lambda good: good.with_html("/unsubscribe/", "/leave/"),
    "unsubscribe-not-https": lambda _: Good.of(
        view(base_url="http://letters.example.org"),
        replace(BRAND, base_url="http://letters.example.org"),
    ),
    "base-url-local": lambda _: Good.of(
        view(base_url="https://localhost"),
        replace(BRAND, base_url="https://localhost", leaves_host=True),
    ),
    "postal-address-missing": lambda good: good.with_text("12 Harbour Street", "Harbour"),
    "text-missing": lambda good: replace(good, rendered=replace(good.rendered, text="\n")),
    "comparison-missing": lambda good: good.with_text("Deskhand vs", "Deskhand or").with_text(
        "Deskhand vs", "Deskhand or"
    ),
    "size-near-limit": lambda good: _heavier(good, 95 * 1024),
    "size-over-limit": lambda good: _heavier(good, 101 * 1024),
    "template-syntax": lambda good: good.with_text("View in browser", "{{ issue.number }}"),
    "mjml-left-over": lambda good: good.with_html("<h1", "<mj-spacer></mj-spacer><h1"),
    "outlook-conditionals": lambda good: good.with_html("<![endif]", ""),
    "script": lambda good: good.with_html("<h1", "<script></script><h1"),
    "data-uri": lambda good: good.with_html(
        "<h1", '<img alt="" src="data:image/gif;base64,R0"><h1'
    ),
    "remote-resource": lambda good: good.with_html(
        "<h1", '<img alt="" src="https://pixel.example.org/1.gif"><h1'
    ),
}


@pytest.fixture(scope="module")
def good() -> Good:
    return Good.of(view())


@pytest.mark.parametrize(
    "issue",
    [view(), view(many(1)), view(many(20)), view(site_url=None)],
    ids=["a week", "one match-up", "twenty match-ups", "no site"],
)
def test_a_good_letter_trips_nothing(issue: IssueView) -> None:
    assert check(render(issue, NONCE), issue, marks=MARKS, brand=BRAND) == []


@pytest.mark.parametrize("code", BROKEN)
def test_each_fault_trips_exactly_its_code(good: Good, code: str) -> None:
    assert BROKEN[code](good).codes() == {code}


def test_every_rule_has_a_fault_of_its_own() -> None:
    assert {rule.__name__.replace("_", "-") for rule in RULES} - BROKEN.keys() == {"size"}


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

    assert Good.of(view(base_url=here.base_url), here).codes() == {"base-url-local"}


def test_a_letter_built_before_the_address_was_mended_is_still_held_back() -> None:
    mended = replace(BRAND, leaves_host=True)
    built_before = view(base_url="https://localhost:8000")

    assert "base-url-local" in Good.of(built_before, mended).codes()


def test_an_address_that_others_can_open_is_fine() -> None:
    assert Good.of(view(), replace(BRAND, leaves_host=True)).codes() == set()


@pytest.mark.parametrize(
    "loads",
    [
        '<link rel="stylesheet" href="https://x.example.org/a.css">',
        "<style>@import 'https://x.example.org/a.css';</style>",
        '<p style="background:url(https://x.example.org/a.png)">x</p>',
        '<table background="https://x.example.org/a.png"></table>',
    ],
)
def test_everything_that_would_be_loaded_is_seen(good: Good, loads: str) -> None:
    assert good.with_html("<h1", f"{loads}<h1").codes() == {"remote-resource"}


def test_an_address_that_was_never_set_blocks() -> None:
    nowhere = replace(BRAND, postal_address=" \n")

    assert Good.of(view(postal_address=""), nowhere).codes() == {"postal-address-missing"}
