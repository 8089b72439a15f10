"""One issue in five forms: the same match-ups, order, words, numbers and links in each."""

import json
from dataclasses import replace

import feedparser
import pytest
import wcwidth
from selectolax.lexbor import LexborHTMLParser

from newsletter.content.verdicts.verdict import Outcome, Standing
from newsletter.rendering.letter import archive_page
from newsletter.rendering.views import IssueView
from tests.newsletter.rendering.forms.five import (
    FORMS,
    WHOLE,
    as_json,
    expected,
    feed,
    mail,
    second_feed,
    text,
)
from tests.newsletter.rendering.forms.told import InALine, squeezed
from tests.newsletter.rendering.samples import Said, counted, item, many, tool, view, voted
from tests.newsletter.rendering.test_letter import HOSTILE


def by_editor(issue: IssueView) -> IssueView:
    first, *cards = issue.cards
    own = replace(
        first.quotes[0],
        by="editor", reviewer=0, reviewers=0, source="", text="We pay for this one ourselves.",
    )  # fmt: skip
    first = replace(first, quotes=(own, *first.quotes[1:]), reworded=("for-a",))
    return replace(issue, cards=(first, *cards))


def with_parameters() -> IssueView:
    issue = view(many(1))
    address = "https://verdicts.example.org/compare?a=1&b=2&copy=3&utm_source=letter#the-vote"
    return replace(issue, cards=(replace(issue.cards[0], url=address),))


def with_nothing_known() -> IssueView:
    empty = {"category": None, "tagline": None, "entry": None}
    entry, summary = item(tool("ant", "Ant", None, **empty), tool("bee", "Bee", None, **empty))
    entry = replace(entry, comparison=replace(entry.comparison, quotes=()))
    return view([(entry, replace(summary, outcome=Outcome(Standing.UNKNOWN)))])


ISSUES: dict[str, IssueView] = {
    "a week": view(),
    "one": view(many(1)),
    "twenty": view(many(20)),
    "a tie": view([item(tool("ant", "Ant"), tool("bee", "Bee"))]),
    "nothing known": with_nothing_known(),
    "no site": view(site_url=None),
    "an editor's note": by_editor(view()),
    "an address with parameters": with_parameters(),
    "rows": view().with_cards(4),
    "votes on the issue before": voted(view()),
    "votes and rows": voted(view(many(20))),
    "its own votes": counted(view()),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("issue", ISSUES.values(), ids=ISSUES)
def test_every_form_tells_the_same(form: str, issue: IssueView) -> None:
    write, read = FORMS[form]

    told = read(write(issue))

    assert told == expected(issue, told)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_every_form_tells_the_same_of_hostile_words(form: str, words: str) -> None:
    issue = hostile(words)
    write, read = FORMS[form]

    told = read(write(issue))

    assert squeezed(told) == squeezed(expected(issue, told))


def hostile(words: str) -> IssueView:
    a = tool("ant", words, 100, tagline=words, category=words, entry=words)
    quoted = [Said("a", "for", 1, words), Said("a", "for", 2, words, in_case=True)]
    return view([item(a, tool("bee", f"{words} B", 50), words, *quoted)])


@pytest.mark.parametrize(
    "words", ["Fish & <Chips>, “fried” ]]> 🚀", "N" * 400], ids=["signs", "long"]
)
def test_every_form_has_the_same_subject_and_preheader(words: str) -> None:
    issue = replace(view(), subject=words, preheader=f"{words}, and more")
    (entry,) = feedparser.parse(feed(issue).encode(), sanitize_html=False).entries
    item_of_second, public = json.loads(second_feed(issue))["items"][0], json.loads(as_json(issue))

    told = {
        *(_title_and_description(html) for html in (mail(issue), archive_page(issue))),
        (entry.title, entry.summary),
        (item_of_second["title"], item_of_second["summary"]),
        (public["subject"], public["preheader"]),
    }

    assert told == {(issue.subject, issue.preheader)}


def _title_and_description(html: str) -> tuple[str | None, str | None]:
    tree = LexborHTMLParser(html)
    title, description = tree.css_first("title"), tree.css_first("meta[name=description]")
    assert title is not None
    assert description is not None
    return title.text(), description.attributes["content"]


@pytest.mark.parametrize("form", WHOLE)
def test_what_became_a_line_in_the_letter_is_whole_everywhere_else(form: str) -> None:
    write, read = FORMS[form]

    told = read(write(view(many(20))))

    assert [one for one in told.match_ups if isinstance(one.body, InALine)] == []


@pytest.mark.parametrize("form", ["mail", "text"])
def test_a_letter_too_long_ends_in_lines(form: str) -> None:
    write, read = FORMS[form]

    short = [isinstance(one.body, InALine) for one in read(write(view(many(20)))).match_ups]

    assert short == sorted(short)
    assert any(short)


def test_an_editors_note_is_nobodys_quote() -> None:
    for write, read in FORMS.values():
        (first, *_) = read(write(by_editor(view()))).match_ups
        assert not isinstance(first.body, InALine)
        note = ("For Quillcode", "Editor's note", "We pay for this one ourselves.")
        assert first.body.quotes[0] == note


SPOILT = {
    "a name": ("Murmur", "Murmer"),
    "a percentage": ("25%", "52%"),
    "a verdict word": ("Mixed", "Ship"),
    "votes": ("81%", "18%"),
    "an entry word": ("Paid", "Free"),
    "a sentence of the verdict": ("against 2 of 4 for", "against 3 of 4 for"),
    "a quote": ("from ninety", "from nine"),
    "a quote that goes on": ("in a morning …”", "in a morning”"),
    "a label": ("Against Murmur", "For Murmur"),
    "a reviewer": ("eviewer 3 of 4", "eviewer 1 of 4"),
    "a link": ("/compare/larkvoice-2-vs-murmur", "/compare/murmur-vs-larkvoice-2"),
    "the headline": ("4 decided", "5 decided"),
    "the date": ("23 November 2026", "24 November 2026"),
}
IN_JSON = {
    "a percentage": ('"panel_percent": 25', '"panel_percent": 52'),
    "a verdict word": ('"verdict": "Mixed"', '"verdict": "Ship"'),
    "votes": ('"community_percent": 81', '"community_percent": 18'),
    "a quote that goes on": ('"cut": true', '"cut": false'),
    "a label": ('"side": "b", "stance": "against"', '"side": "b", "stance": "for"'),
    "a reviewer": ('"reviewer": 3', '"reviewer": 1'),
    "the date": ("2026-11-23", "2026-11-24"),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("what", SPOILT)
def test_a_form_that_tells_something_else_is_noticed(form: str, what: str) -> None:
    issue = view()
    write, read = FORMS[form]
    right, wrong = IN_JSON.get(what, SPOILT[what]) if form == "JSON" else SPOILT[what]
    document = write(issue)
    assert right in document

    told = read(document.replace(right, wrong))

    assert told != expected(issue, told)


VOTES = {
    "a reader's share": ("61% for Alder", "16% for Alder"),
    "how many voted": ("374 votes", "473 votes"),
    "how many would ship neither": ("38 more", "83 more"),
    "the panel of an earlier issue": ("100% for Birch", "50% for Birch"),
    "the day of the counting": ("Friday 20 November", "Saturday 21 November"),
    "the earlier issue": ("voted on issue 11", "voted on issue 10"),
    "a share on a card": ("61% of 374", "16% of 374"),
    "the count on a card": ("of 374 reader votes", "of 473 reader votes"),
    "where votes were": ("archive/11#c-cedar", "archive/11#c-alder"),
}
VOTES_IN_JSON = {
    "a reader's share": ('"share_a": 61', '"share_a": 16'),
    "a share on a card": ('"share_a": 61', '"share_a": 16'),
    "how many voted": ('"votes": 374', '"votes": 473'),
    "the count on a card": ('"votes": 374', '"votes": 473'),
    "how many would ship neither": ('"neither": 38', '"neither": 83'),
    "the panel of an earlier issue": ('"panel_b": 100', '"panel_b": 50'),
    "the day of the counting": ("2026-11-20", "2026-11-21"),
    "the earlier issue": ('"issue": 11', '"issue": 10'),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("what", VOTES)
def test_a_form_that_tells_other_votes_is_noticed(form: str, what: str) -> None:
    issue = voted(counted(view()))
    write, read = FORMS[form]
    right, wrong = VOTES_IN_JSON.get(what, VOTES[what]) if form == "JSON" else VOTES[what]
    document = write(issue)
    assert right in document

    told = read(document.replace(right, wrong))

    assert told != expected(issue, told)


@pytest.mark.parametrize("form", FORMS)
def test_a_form_in_another_order_is_noticed(form: str) -> None:
    issue = view()
    write, read = FORMS[form]
    first, second, *cards = issue.cards

    told = read(write(replace(issue, cards=(second, first, *cards))))

    assert told != expected(issue, told)


@pytest.mark.parametrize("form", FORMS)
def test_a_form_that_leaves_something_out_is_noticed(form: str) -> None:
    issue = view()
    write, read = FORMS[form]
    first, *cards = issue.cards

    silent = read(write(replace(issue, cards=(replace(first, quotes=first.quotes[1:]), *cards))))
    shorter = read(write(replace(issue, cards=tuple(cards))))

    assert silent != expected(issue, silent)
    assert shorter != expected(issue, shorter)


WIDE = {
    "wide": "漢字とかな" * 40,
    "joined emoji": "👩\u200d💻🚀" * 60,
    "marks above": "e\u0301 " * 300,
}


@pytest.mark.parametrize("words", [*HOSTILE.values(), *WIDE.values()], ids=[*HOSTILE, *WIDE])
def test_text_keeps_to_72_columns_whatever_the_words(words: str) -> None:
    issue = replace(hostile(words), headline=words.replace("\x00", "").replace("\x1b", ""))

    lines = text(issue).splitlines()

    wide = [line for line in lines if wcwidth.width(line, control_codes="ignore") > 72]
    assert [line for line in wide if "https://" not in line] == []
