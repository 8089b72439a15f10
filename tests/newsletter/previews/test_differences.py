"""What differs between two letters, part by part."""

from dataclasses import replace

from newsletter.previews.differences import Letter, Section, difference
from newsletter.rendering.letter import render
from newsletter.rendering.rendered import without_marks
from newsletter.rendering.views import IssueView
from tests.newsletter.rendering.samples import view


def letter(one: IssueView, nonce: str = "n1") -> Letter:
    rendered = render(one, nonce)
    return Letter(rendered.subject, rendered.preheader, without_marks(rendered.text, nonce))


def states(before: IssueView, after: IssueView) -> dict[str, str]:
    return {part.name: part.state for part in compared(before, after) if part.state != "same"}


def compared(before: IssueView, after: IssueView) -> list[Section]:
    titles = {row.title for one in (before, after) for row in one.match_ups}
    return difference(letter(before, "n1"), letter(after, "n2"), titles)


def test_nothing_differs_between_two_prints_of_one_letter():
    assert states(view(), view()) == {}


def test_a_changed_sentence_is_shown_in_its_card_and_nowhere_else():
    before = view()
    first, *others = before.cards
    changed = replace(first, numbers="Everybody would ship it.")
    after = replace(before, cards=(changed, *others))

    [part] = [part for part in compared(before, after) if part.state != "same"]

    assert (part.name, part.state) == (first.title, "changed")
    assert any(line.kind == "came" and "Everybody" in (line.words or "") for line in part.lines)
    assert any(line.kind == "went" for line in part.lines)
    assert len(part.lines) < 20


def test_a_card_that_moved_is_the_same_card():
    before = view()
    after = replace(before, cards=(before.cards[1], before.cards[0], *before.cards[2:]))

    # The table at the beginning lists them in another order.
    assert states(before, after) == {"Opening": "changed"}


def test_a_card_comes_and_another_goes():
    before = view()
    after = replace(before, cards=before.cards[1:])
    was, now = states(before, after), states(after, before)

    assert was[before.cards[0].title] == "gone"
    assert now[before.cards[0].title] == "new"


def test_every_line_of_what_is_new_is_there_as_it_is_printed():
    before = view()
    after = replace(before, cards=before.cards[1:])
    [new] = [part for part in compared(after, before) if part.state == "new"]

    text = letter(before).text
    assert all((line.words or "").partition("[vote]")[0] in text for line in new.lines)
