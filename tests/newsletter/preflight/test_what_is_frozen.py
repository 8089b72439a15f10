"""Whether a letter is still what it was frozen as, and what a new build would make of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter import weekly
from newsletter.content.catalogue import lookup
from newsletter.content.catalogue.store import save
from newsletter.content.comparison import Comparison
from newsletter.database import Database
from newsletter.desk import Desk
from newsletter.issues import marks, wordings
from newsletter.issues.frozen import content_hash
from newsletter.issues.models import Issue
from newsletter.issues.rewording import CardPart, IssuePart, Words
from newsletter.issues.states import IssueEvent
from newsletter.rendering.checks import Finding
from newsletter.selection.rules import Mark
from tests.factories import MONDAY, add_subscribers, make_comparison, make_desk, store_comparisons

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

FIRST, SECOND = "Left 1 vs Right 1", "Left 2 vs Right 2"


@pytest.fixture
def desk(database: Database) -> Desk:
    with database.writing() as session:
        add_subscribers(session, 3)
        store_comparisons(session, 2)
    return make_desk(database)


@pytest.fixture
def issue(desk: Desk) -> Issue:
    return desk.build(desk.slots.to_build(), actor="test")


def found(desk: Desk, code: str, number: int = 1) -> list[Finding]:
    return [one for one in desk.preflight(desk.issue(number)) if one.code == code]


def outdated(desk: Desk) -> list[str]:
    findings = found(desk, "draft-outdated")
    assert {one.level for one in findings} <= {"hold"}
    assert all(
        "newsletter issue build 1, or approve it as it is" in one.message for one in findings
    )
    return [one.where for one in findings]


def alter(desk: Desk, part: str, *, with_hash: bool) -> None:
    with desk.database.writing() as session:
        issue = session.get_one(Issue, 1)
        setattr(issue, part, getattr(issue, part).replace("Left 1", "Right 1"))
        if with_hash:
            issue.content_hash = content_hash(issue)


def mark(desk: Desk, key: str, said: Mark) -> None:
    with desk.database.writing() as session:
        entry = lookup.entry(session, key)
        assert entry is not None
        marks.put(session, entry.id, said, now=MONDAY, actor="an editor")


def reword(desk: Desk, part: CardPart | IssuePart, text: str) -> None:
    with desk.database.writing() as session:
        if isinstance(part, IssuePart):
            wordings.put_for_issue(session, 1, part, Words(text), now=MONDAY, actor="an editor")
        else:
            entry = lookup.entry(session, "left-1-vs-right-1")
            assert entry is not None
            wordings.put_for_comparison(
                session, entry, part, Words(text), now=MONDAY, actor="an editor"
            )


@pytest.mark.parametrize("part", ["html", "text", "subject", "preheader"])
def test_a_letter_that_is_not_what_its_content_renders_to_blocks(desk, issue, part):
    with desk.database.writing() as session:
        changed = session.get(Issue, 1)
        setattr(changed, part, getattr(changed, part) + " ")
        changed.content_hash = content_hash(changed)

    [finding] = found(desk, "letter-altered")

    assert (finding.level, finding.where) == ("block", part)
    assert "newsletter issue build" in finding.message
    assert "templates" in finding.message


def test_a_hash_of_something_else_blocks(desk, issue):
    with desk.database.writing() as session:
        session.get(Issue, 1).content_hash = "0" * 64

    [finding] = found(desk, "letter-altered")

    assert (finding.level, finding.where) == ("block", "hash")


def test_the_rest_of_a_letter_of_another_release_waits_for_an_editor(desk, issue):
    desk.dispatch.start(1, actor="test")
    desk.change(1, IssueEvent.PAUSED, actor="test")
    alter(desk, "html", with_hash=False)

    [finding] = found(desk, "letter-altered")

    assert (finding.level, finding.where) == ("hold", "html, hash")


def test_an_altered_letter_is_mended_by_building_it_again(desk, issue):
    alter(desk, "html", with_hash=True)
    assert found(desk, "letter-altered")

    desk.build(desk.slots.to_build(), actor="test")

    assert desk.preflight(desk.issue(1)) == []


def test_a_card_that_was_reworded_after_the_build_is_named(desk, issue):
    reword(desk, CardPart.VERDICT, "Both will do.")

    assert outdated(desk) == [FIRST]


def test_a_part_of_the_issue_that_was_reworded_after_the_build_is_named(desk, issue):
    reword(desk, IssuePart.HEADLINE, "Two match-ups, one winner each")

    assert outdated(desk) == ["headline"]


def test_words_that_were_taken_back_changed_nothing(desk, issue):
    reword(desk, IssuePart.SUBJECT, "For a minute only")
    with desk.database.writing() as session:
        wordings.take_off(session, 1, IssuePart.SUBJECT)

    assert outdated(desk) == []


def test_a_ban_after_the_build_is_named(desk, issue):
    mark(desk, "left-2-vs-right-2", Mark("ban"))

    assert outdated(desk) == [SECOND]


def test_a_pin_after_the_build_is_named(desk, issue):
    with desk.database.writing() as session:
        save(session, make_comparison("brand-new", "just-in"), now=MONDAY)
    assert outdated(desk) == []  # a newer one that nobody pinned can wait

    mark(desk, "brand-new-vs-just-in", Mark("pin"))

    assert outdated(desk) == ["Brand New vs Just In"]


def test_an_order_after_the_build_is_named(desk, issue):
    mark(desk, "left-2-vs-right-2", Mark("pin", 1))

    assert outdated(desk) == ["order"]


def test_a_pin_of_what_is_in_its_place_already_changes_nothing(desk, issue):
    mark(desk, "left-1-vs-right-1", Mark("pin", 1))

    assert outdated(desk) == []


def test_facts_that_were_imported_after_the_build_are_named(desk, issue):
    raised(desk, "left-2", "right-2")

    assert SECOND in outdated(desk)
    assert FIRST not in outdated(desk)


def raised(desk: Desk, a: str, b: str) -> None:
    """Import the same page again, where the panel has become fonder of the first tool."""
    comparison: Comparison = make_comparison(a, b)
    fonder = replace(comparison.tool_a, panel_percent=100)
    with desk.database.writing() as session:
        save(session, replace(comparison, tool_a=fonder), now=MONDAY)


def test_an_unattended_monday_waits_and_an_approval_that_saw_it_lets_it_leave(desk, issue):
    reword(desk, IssuePart.SUBJECT, "Said on Sunday")
    slot = desk.slots.to_build()
    assert weekly.publish(desk, slot) == "issue 1 held: draft-outdated"
    desk.change(1, IssueEvent.RELEASED, actor="an editor")

    desk.approve(1, actor="an editor")

    on_monday = make_desk(desk.database, now=slot.instant)
    assert weekly.publish(on_monday, slot).startswith("issue 1 settled")
    assert desk.issue(1).subject == issue.subject


def test_words_that_came_after_the_approval_hold_again(desk, issue):
    desk.approve(1, actor="an editor")
    reword(desk, IssuePart.SUBJECT, "Said on Sunday")

    assert weekly.publish(desk, desk.slots.to_build()) == "issue 1 held: draft-outdated"


def test_what_has_begun_to_leave_is_never_outdated(desk, issue):
    desk.send(1, actor="test")
    later = make_desk(desk.database, now=MONDAY + timedelta(days=1))
    raised(later, "left-1", "right-1")

    assert outdated(later) == []
