"""Composing in the pages: what is in and out and why, each change, and two editors at once."""

import re
from html import unescape

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from newsletter.content.catalogue import lookup
from newsletter.content.catalogue.store import save
from newsletter.content.comparison import Comparison, Quote
from newsletter.editors.acts import Act
from newsletter.editors.roles import Role
from newsletter.issues import frozen, life, marks, store
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueEvent, IssueState
from newsletter.rendering.views import IssueView
from newsletter.selection.rules import Mark
from newsletter.service import Service
from tests.factories import MONDAY, SEEN, WORDS, make_comparison, make_tool, store_comparisons
from tests.newsletter.web.editing import noted, signed_in, statements, words

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

PAGE = "/editor/issues/1/compose"
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def draft(service: Service) -> Issue:
    with service.database.writing() as session:
        store_comparisons(session, 3)
        save(session, make_comparison("shared", "one"), now=SEEN)
        save(session, make_comparison("shared", "two"), now=SEEN)
        unknown = make_tool("unknown", panel_percent=None)
        save(session, make_comparison(unknown, "three"), now=SEEN)
    return service.desk.build(service.desk.slots.next(), actor="test")


def view(service: Service) -> IssueView:
    return frozen.view(service.desk.issue(1))


def titles(service: Service) -> list[str]:
    return [card.title for card in view(service).cards]


def row_id(service: Service, title: str) -> int:
    with service.database.reading() as session:
        return next(one.id for one in lookup.outlines(session) if one.comparison.title == title)


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    assert found is not None
    return found[1]


def post(
    client: TestClient, what: str, *, on: str | None = None, page: str = PAGE, **fields: object
) -> Response:
    """Send a form of a page as it is now, or as it was."""
    mark = seen(client.get(page).text if on is None else on)
    return client.post(f"{page}/{what}", data={"seen": mark, **fields})


def test_every_candidate_is_shown_with_the_reason_why_it_is_in_or_out(service, draft):
    page = words(signed_in(service, Role.EDITOR).get(PAGE).text)

    assert page.count("Among the newest (2026-11-20).") == 4
    assert "One of their tools is in it already 1" in page
    assert re.search(r"Shared vs (One|Two) Shared is already in it, in Shared vs (One|Two)", page)
    assert "The panel’s share is not known 1" in page
    assert "Unknown vs Three the panel's share is not known for both tools" in page


def test_viewers_see_the_reasons_and_no_form(service, draft):
    page = signed_in(service, Role.VIEWER).get(PAGE).text

    assert "Among the newest" in page
    assert PAGE not in re.findall(r'action="([^"]+)/\w+"', page)


def test_a_match_up_is_moved_and_the_letter_is_built_at_once(service, draft):
    editor, before = signed_in(service, Role.EDITOR), titles(service)
    moved = row_id(service, before[2])

    answer = post(editor, "move", comparison=moved, to="2", spot=f"card-{moved}")

    assert answer.headers["location"] == f"{PAGE}?done=changed#card-{moved}"
    assert titles(service) == [before[0], before[2], before[1], before[3]]
    assert noted(service) == [
        (Act.ISSUE_COMPOSED, "issue 1", f"(moved {before[2]} to place 2)"),
    ]
    page = words(editor.get(f"{PAGE}?done=changed").text)
    assert f"e…@desk.example moved {before[2]} to place 2." in page
    assert page.count("Placed by an editor.") == 4


def test_pins_bans_and_replacements_come_in_and_go_out(service, draft):
    editor, before = signed_in(service, Role.EDITOR), titles(service)

    post(editor, "mark", comparison="three unknown", mark="pin")
    assert titles(service)[0] == "Unknown vs Three"
    post(editor, "mark", comparison=row_id(service, before[0]), mark="ban")
    assert before[0] not in titles(service)
    assert f"Lift the ban on {before[0]}" in words(editor.get(PAGE).text)
    post(editor, "replace", comparison=row_id(service, "Unknown vs Three"), by="")
    assert "Unknown vs Three" not in titles(service)
    post(editor, "mark", comparison=row_id(service, before[0]), mark="off")
    assert sorted(titles(service)) == sorted(before)


def test_the_words_of_the_issue_are_said_and_given_back(service, draft):
    editor, by_rules = signed_in(service, Role.EDITOR), view(service)
    said = {"subject": "Four verdicts", "headline": "Ours", "intro": "", "preheader": "x " * 30}

    answer = post(editor, "words", **said, spot="words")

    assert answer.headers["location"] == f"{PAGE}?done=changed#words"
    now = view(service)
    assert (now.subject, now.headline) == ("Four verdicts", "Ours")
    assert now.intro == by_rules.intro
    page = words(editor.get(PAGE).text)
    assert f"By the rules: “{by_rules.subject}”." in page
    post(editor, "words", subject="", headline="Ours")
    assert (view(service).subject, view(service).headline) == (by_rules.subject, "Ours")


def test_what_cannot_stand_there_is_told_beside_its_field_and_stays_typed(service, draft):
    editor, before = signed_in(service, Role.EDITOR), view(service)
    long = "Much too long " * 6

    answer = post(editor, "words", subject=long, headline=EVIL)

    assert answer.status_code == 422
    assert f'value="{long}"' in answer.text
    assert "Not kept: the subject has 83 characters, and room for 60; shorten it" in answer.text
    assert f"In the letter now: “{before.subject}”" in words(answer.text)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;</textarea>" in answer.text
    assert view(service) == before


def test_an_article_pasted_into_a_field_is_refused_beside_it_and_not_lost(service, draft):
    article = "word " * 20_000

    answer = post(signed_in(service, Role.EDITOR), "words", intro=article)

    assert answer.status_code == 422
    assert "room for 600" in answer.text
    assert article in answer.text


def test_of_two_editors_the_second_is_told_and_keeps_what_was_typed(service, draft):
    ines, olga = signed_in(service, Role.EDITOR), signed_in(service, Role.OWNER)
    shown = olga.get(PAGE).text
    post(ines, "words", subject="What Ines wrote")

    late = post(olga, "words", on=shown, subject="What Olga wrote")

    assert late.status_code == 409
    told = words(late.text)
    assert "somebody else changed this issue since you opened the page" in told
    assert "What you typed is still in its field" in told
    assert 'value="What Olga wrote"' in late.text
    assert "In the letter now: “What Ines wrote”" in told
    assert view(service).subject == "What Ines wrote"
    post(olga, "words", on=late.text, subject="What Olga wrote")
    assert view(service).subject == "What Olga wrote"


def test_a_field_that_nobody_touched_overwrites_nothing_when_a_refused_form_is_sent_again(
    service, draft
):
    ines, olga = signed_in(service, Role.EDITOR), signed_in(service, Role.OWNER)
    shown = olga.get(PAGE).text
    post(ines, "words", subject="What Ines wrote")
    untouched = {"subject": draft.subject, "was-subject": draft.subject}
    typed = {"headline": "What Olga wrote", "was-headline": view(service).headline}

    late = post(olga, "words", on=shown, **untouched, **typed)

    assert 'value="What Ines wrote"' in late.text
    assert "What Olga wrote</textarea>" in late.text
    [is_subject] = re.findall(r'name="was-subject" value="([^"]*)"', late.text)
    again = {"subject": is_subject, "was-subject": is_subject}
    post(olga, "words", on=late.text, **again, **typed)
    assert view(service).subject == "What Ines wrote"
    assert view(service).headline == "What Olga wrote"


@pytest.mark.parametrize("form", ["move", "mark", "replace", "undo", "build"])
def test_a_form_of_an_older_page_changes_nothing(service, draft, form):
    editor = signed_in(service, Role.EDITOR)
    shown, first = editor.get(PAGE).text, row_id(service, titles(service)[0])
    post(editor, "words", subject="Newer")
    before = service.desk.issue(1)

    late = post(editor, form, on=shown, comparison=first, to="2", mark="ban")

    assert late.status_code == 409
    assert service.desk.issue(1).content_hash == before.content_hash


def test_an_approval_is_void_with_the_first_change_and_the_page_says_so(service, draft):
    editor = signed_in(service, Role.EDITOR)
    with service.database.writing() as session:
        issue = store.locked(session, 1)
        life.change(session, issue, IssueEvent.APPROVED, now=MONDAY, actor="test")
    before = words(editor.get(PAGE).text)

    post(editor, "words", subject="Newer")

    assert "The first change here takes the approval back" in before
    assert service.desk.issue(1).state == IssueState.DRAFT
    assert "The approval it had is void" in words(editor.get(PAGE).text)


def test_an_undo_puts_back_what_was_and_is_in_the_log(service, draft):
    editor, before = signed_in(service, Role.EDITOR), service.desk.issue(1).content_hash
    post(editor, "words", subject="Newer")

    answer = post(editor, "undo")

    assert answer.headers["location"] == f"{PAGE}?done=undone"
    assert service.desk.issue(1).content_hash == before
    assert noted(service)[-1] == (Act.COMPOSING_UNDONE, "issue 1", "(reworded the subject)")
    assert "Undo" not in words(editor.get(PAGE).text)
    assert "nothing to take back" in words(post(editor, "undo").text)


def test_another_quote_is_chosen_from_its_source(service, draft):
    editor, card = signed_in(service, Role.EDITOR), view(service).cards[0]
    page = f"{PAGE}/{card.entry_id}"
    offered = re.findall(r'value="quote:([^"]+)"', editor.get(page).text)

    answer = post(
        editor, "quote", page=page, part="for-a", choice=f"quote:{WORDS[1]}", spot="for-a"
    )

    assert answer.headers["location"] == f"{page}?done=changed#for-a"
    assert set(map(unescape, offered)) >= {WORDS[1], WORDS[2], WORDS[3]}
    [quote] = [
        one for one in view(service).cards[0].quotes if (one.side, one.stance) == ("a", "for")
    ]
    assert (quote.text, quote.reviewer) == (WORDS[1], 2)
    post(editor, "quote", page=page, part="for-a", choice="own", own="We ran it for a week.")
    assert "We ran it for a week." in [one.text for one in view(service).cards[0].quotes]
    post(editor, "quote", page=page, part="for-a", choice="rules")
    assert view(service).cards[0].quotes == card.quotes


@pytest.mark.parametrize(
    ("choice", "own", "told"),
    [
        ("quote:It is a miracle.", "", "is in no review of"),
        ("own", "Reviewer 2 loved it", "own words are nobody else"),
        ("own", " ", "write them first"),
        ("", "", "choose one of these"),
    ],
)
def test_a_quote_that_nobody_wrote_is_refused_and_stays_typed(service, draft, choice, own, told):
    editor, before = signed_in(service, Role.EDITOR), view(service)
    page = f"{PAGE}/{before.cards[0].entry_id}"

    answer = post(editor, "quote", page=page, part="for-a", choice=choice, own=own)

    assert answer.status_code == 422
    assert told in answer.text
    assert own.strip() in answer.text
    assert view(service) == before


def test_sentences_are_said_beside_those_of_the_rules_and_given_back(service, draft):
    editor, card = signed_in(service, Role.EDITOR), view(service).cards[1]
    page = f"{PAGE}/{card.entry_id}"

    post(editor, "sentences", page=page, verdict="Both do.", case="")
    now, shown = view(service).cards[1], words(editor.get(page).text)

    assert (now.numbers, now.case) == ("Both do.", None)
    assert f"By the rules: “{card.numbers}”." in shown
    lone = post(editor, "sentences", page=page, verdict='One calls it "a miracle".', case="")
    assert lone.status_code == 422
    assert "“a miracle” is not in any review" in lone.text
    post(editor, "sentences", page=page, back="yes")
    assert view(service).cards[1] == card


def test_what_was_typed_for_a_card_that_is_gone_is_not_lost(service, draft):
    editor, card = signed_in(service, Role.EDITOR), view(service).cards[0]
    page = f"{PAGE}/{card.entry_id}"
    shown = editor.get(page).text
    post(editor, "mark", comparison=card.entry_id, mark="ban")

    late = post(editor, "sentences", on=shown, page=page, verdict="An hour of work.", case="")

    assert late.status_code == 409
    assert "What you had typed: An hour of work." in words(late.text)
    assert editor.get(page).status_code == 404


def test_what_came_since_is_counted_and_taken_in_when_it_is_built_again(service, draft):
    editor = signed_in(service, Role.EDITOR)
    with service.database.writing() as session:
        save(session, make_comparison("brand-new", "just-in"), now=MONDAY.replace(hour=10))

    assert "1 comparison has come since it was built" in words(editor.get(PAGE).text)
    assert post(editor, "build").headers["location"] == f"{PAGE}?done=built"
    assert titles(service)[0] == "Brand New vs Just In"
    assert noted(service) == [(Act.ISSUE_BUILT, "issue 1", "")]


def test_an_issue_that_leaves_is_only_looked_at(service, draft):
    editor = signed_in(service, Role.EDITOR)
    shown = editor.get(PAGE).text
    service.desk.change(1, IssueEvent.CANCELLED, actor="test")

    assert "<textarea" not in editor.get(PAGE).text
    assert post(editor, "words", on=shown, subject="Late").status_code == 409
    assert editor.get(f"{PAGE}/{view(service).cards[0].entry_id}").status_code == 404
    assert editor.get("/editor/issues/9/compose").status_code == 404


def test_whatever_stands_in_rows_is_shown_as_text(service):
    evil = make_tool("evil", name=EVIL, category=EVIL, tagline=EVIL)
    said = Quote("a", 1, f"The setup takes one {EVIL} command, and the defaults are sane.")
    with service.database.writing() as session:
        save(session, Comparison(evil, make_tool("oboe"), (said,)), now=SEEN)
        save(session, make_comparison(make_tool("worse", name=EVIL + "2"), "viola"), now=SEEN)
    service.desk.build(service.desk.slots.next(), actor="test")
    editor, cards = signed_in(service, Role.EDITOR), view(service).cards
    post(editor, "mark", comparison=cards[0].entry_id, mark="ban")

    for path in (PAGE, f"{PAGE}/{cards[1].entry_id}", "/editor/log"):
        page = editor.get(path).text
        assert "<script>alert" not in page
        assert "alert(1)" in page


def test_what_the_pages_ask_of_the_database_does_not_grow(service, draft):
    editor, card = signed_in(service, Role.EDITOR), view(service).cards[0].entry_id
    paths = (PAGE, f"{PAGE}/{card}")
    for path in paths:
        editor.get(path)  # what is asked once in a process is asked
    few = {path: statements(service.database, editor, path) for path in paths}
    post(editor, "mark", comparison=card, mark="pin")
    with service.database.writing() as session:
        store_comparisons(session, 100, now=MONDAY)
        for one in lookup.outlines(session)[:40]:
            if one.id != card:
                marks.put(session, one.id, Mark("ban"), now=MONDAY, actor="test")
    service.desk.build(service.desk.slots.next(), actor="test")

    for path in paths:
        assert statements(service.database, editor, path) <= few[path] < 25
    page = editor.get(PAGE).text
    assert "Show all" in page
    assert len(page) < len(editor.get(f"{PAGE}?whole=category").text)
