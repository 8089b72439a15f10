from functools import partial

from newsletter.content.catalogue import lookup
from newsletter.issues import frozen, wordings
from newsletter.issues.rewording import CardPart, IssuePart, Words
from tests.factories import MONDAY, make_desk, store_comparisons

put_for_issue = partial(wordings.put_for_issue, now=MONDAY, actor="an editor")
put_for_comparison = partial(wordings.put_for_comparison, now=MONDAY, actor="an editor")


def test_wordings_survive_every_rebuild_until_they_are_taken_off(database):
    desk = make_desk(database)
    with database.writing() as session:
        store_comparisons(session, 2)
    plain = desk.build(desk.next_slot(), actor="test")
    with database.writing() as session:
        [first, _] = lookup.entries(session)
        put_for_comparison(session, first, CardPart.VERDICT, Words("Old."))
        put_for_comparison(session, first, CardPart.VERDICT, Words("Both do."))
        put_for_issue(session, plain.number, IssuePart.SUBJECT, Words("Ours"))

    for _ in range(2):
        view = frozen.view(desk.build(desk.next_slot(), actor="test"))
        assert view.subject == "Ours"
        assert [card.numbers for card in view.cards if card.reworded] == ["Both do."]

    with database.writing() as session:
        assert wordings.take_off(session, first.id, CardPart.VERDICT)
        assert wordings.take_off(session, plain.number, IssuePart.SUBJECT)
        assert not wordings.take_off(session, plain.number, IssuePart.SUBJECT)
    assert desk.build(desk.next_slot(), actor="test").content_hash == plain.content_hash


def test_an_own_quote_is_kept_as_the_editors(database):
    with database.writing() as session:
        store_comparisons(session, 1)
        [entry] = lookup.entries(session)
        mine = Words("We ran it for a week.", own_words=True)
        put_for_comparison(session, entry, CardPart.FOR_A, mine)

        assert wordings.of_comparisons(session, [entry.id]) == {entry.id: {CardPart.FOR_A: mine}}
