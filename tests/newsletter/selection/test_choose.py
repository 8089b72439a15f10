from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from newsletter.content.comparison import CatalogueEntry
from newsletter.selection.choose import choose
from newsletter.selection.rules import Candidate, Mark, Reason, Rules, Selection
from tests.factories import make_comparison, make_entry, make_tool

TODAY = date(2026, 11, 23)


def candidate(number: int, *, day: date = TODAY, **given_: object) -> Candidate:
    comparison = make_comparison(f"left-{number}", f"right-{number}")
    return Candidate(make_entry(comparison, entry_id=number, day=day), **given_)  # type: ignore[arg-type]


def ids(selection: Selection) -> list[int]:
    return [decision.entry.id for decision in selection.chosen]


def reasons(selection: Selection) -> dict[int, Reason]:
    return {decision.entry.id: decision.reason for decision in selection.passed_over}


def test_the_newest_come_first():
    old, new = candidate(1, day=date(2026, 11, 1)), candidate(2, day=date(2026, 11, 20))

    assert ids(choose([old, new], Rules(), TODAY)) == [2, 1]


def test_of_one_day_the_clearest_verdict_comes_first():
    tie = Candidate(make_entry(make_comparison("aa", "bb"), entry_id=1))
    clear = Candidate(
        make_entry(make_comparison(make_tool("yy", panel_percent=100), "zz"), entry_id=2)
    )

    assert ids(choose([tie, clear], Rules(), TODAY)) == [2, 1]


def test_what_was_mailed_is_not_mailed_again_even_when_it_is_dated_anew_and_pinned():
    mailed = candidate(1, day=TODAY, mailed_in=3, mark=Mark("pin"))

    selection = choose([mailed], Rules(), TODAY)

    assert ids(selection) == []
    assert selection.passed_over[0].because == "mailed in issue 3"


def test_a_future_date_waits_and_is_chosen_when_its_day_has_come():
    tomorrow = candidate(1, day=TODAY + timedelta(days=1))

    assert reasons(choose([tomorrow], Rules(), TODAY)) == {1: Reason.FUTURE}
    assert ids(choose([tomorrow], Rules(), TODAY + timedelta(days=1))) == [1]


def test_a_tool_appears_once_and_the_reason_names_the_tool_and_its_place():
    first = Candidate(make_entry(make_comparison("shared", "one"), entry_id=1))
    second = Candidate(
        make_entry(make_comparison("shared", "two"), entry_id=2, day=date(2026, 11, 1))
    )

    selection = choose([first, second], Rules(), TODAY)

    assert ids(selection) == [1]
    assert selection.passed_over[0].because == "Shared is already in it, in Shared vs One"


def test_two_slugs_with_one_name_are_one_tool_to_a_reader():
    first = Candidate(make_entry(make_comparison(make_tool("x-1", name="Same"), "b"), entry_id=1))
    second = Candidate(make_entry(make_comparison(make_tool("x-2", name="same"), "c"), entry_id=2))

    assert len(ids(choose([first, second], Rules(), TODAY))) == 1


def test_a_pin_brings_in_what_shares_a_tool_and_pushes_nobody_out():
    first = Candidate(make_entry(make_comparison("shared", "one"), entry_id=1))
    second = Candidate(make_entry(make_comparison("shared", "two"), entry_id=2), mark=Mark("pin"))

    assert ids(choose([first, second], Rules(), TODAY)) == [2, 1]


def test_a_place_in_the_order_lets_nobody_in_who_shares_a_tool():
    first = Candidate(make_entry(make_comparison("shared", "one"), entry_id=1))
    second = Candidate(make_entry(make_comparison("shared", "two"), entry_id=2))
    [chosen] = ids(choose([first, second], Rules(), TODAY))

    placed = replace(first if chosen == 1 else second, mark=Mark("pin", 1))
    other = second if chosen == 1 else first

    assert ids(choose([placed, other], Rules(), TODAY)) == [chosen]


def test_pins_keep_the_order_an_editor_gave_them():
    pinned = [candidate(number, mark=Mark("pin", 4 - number)) for number in (1, 2, 3)]

    assert ids(choose([*pinned, candidate(9)], Rules(), TODAY)) == [3, 2, 1, 9]


def test_a_ban_keeps_out():
    assert reasons(choose([candidate(1, mark=Mark("ban"))], Rules(), TODAY)) == {1: Reason.BANNED}


def test_without_a_panel_for_both_tools_a_comparison_waits():
    half = make_comparison("alpha", make_tool("beta", panel_percent=None))

    selection = choose([Candidate(make_entry(half))], Rules(), TODAY)

    assert reasons(selection) == {1: Reason.NO_PANEL}


def test_a_group_of_categories_takes_at_most_its_share_while_others_wait():
    tools = [candidate(number) for number in range(1, 7)]
    voices = [
        Candidate(
            make_entry(
                make_comparison(
                    make_tool(f"l{number}", category="Audio & Voice"),
                    make_tool(f"r{number}", category="Audio & Voice"),
                ),
                entry_id=number,
                day=date(2026, 11, 1),
            )
        )
        for number in (11, 12)
    ]

    selection = choose([*tools, *voices], Rules(most=4), TODAY)

    assert sorted(ids(selection)) == [1, 2, 11, 12]
    assert set(reasons(selection).values()) == {Reason.CATEGORY}


def test_the_share_of_a_category_never_leaves_a_place_empty():
    assert len(ids(choose([candidate(n) for n in range(1, 7)], Rules(most=4), TODAY))) == 4


entries = st.builds(
    lambda number, a, b, day, panel, mailed, mark: Candidate(
        make_entry(
            make_comparison(make_tool(f"a{a}", panel_percent=panel), make_tool(f"b{b}")),
            entry_id=number,
            day=day,
        ),
        mailed_in=mailed,
        mark=mark,
    ),
    st.integers(1, 10_000),
    st.integers(1, 8),
    st.integers(1, 8),
    st.dates(date(2026, 11, 1), date(2026, 12, 1)),
    st.sampled_from([None, 25, 50, 75, 100]),
    st.sampled_from([None, None, 1]),
    st.sampled_from([None, None, Mark("ban"), Mark("pin"), Mark("pin", 1)]),
)
catalogues = st.lists(entries, max_size=14, unique_by=lambda one: one.entry.comparison.key).filter(
    lambda found: len({one.entry.id for one in found}) == len(found)
)


@given(catalogues, st.integers(1, 5), st.randoms(use_true_random=False))
def test_every_candidate_is_decided_once_and_the_order_of_import_does_not_matter(
    catalogue, most, random
):
    shuffled = list(catalogue)
    random.shuffle(shuffled)

    selection = choose(catalogue, Rules(most=most), TODAY)

    assert selection == choose(shuffled, Rules(most=most), TODAY)
    decided = [one.entry.id for one in (*selection.chosen, *selection.passed_over)]
    assert sorted(decided) == sorted(one.entry.id for one in catalogue)


@given(catalogues, st.integers(1, 5))
def test_unpinned_choices_share_no_tool_and_nothing_mailed_or_banned_is_chosen(catalogue, most):
    selection = choose(catalogue, Rules(most=most), TODAY)

    known = {one.entry.id: one for one in catalogue}
    names: list[str] = []
    for decision in selection.chosen:
        assert known[decision.entry.id].mailed_in is None
        assert known[decision.entry.id].mark != Mark("ban")
        if decision.reason is not Reason.PINNED:
            comparison = decision.entry.comparison
            names += [comparison.tool_a.name, comparison.tool_b.name]
    assert len(names) == len(set(names))
    assert len(selection.chosen) <= max(
        most, sum(d.reason is Reason.PINNED for d in selection.chosen)
    )


@given(catalogues, st.integers(1, 5), st.randoms(use_true_random=False))
def test_an_order_made_of_what_is_chosen_brings_in_nothing_else(catalogue, most, random):
    chosen = ids(choose(catalogue, Rules(most=most), TODAY))
    random.shuffle(chosen)
    places = {number: place for place, number in enumerate(chosen, start=1)}
    ordered = [
        replace(one, mark=Mark("pin", places[one.entry.id])) if one.entry.id in places else one
        for one in catalogue
    ]

    assert ids(choose(ordered, Rules(most=most), TODAY)) == chosen


def test_many_weeks_mail_everything_once():
    catalogue: list[CatalogueEntry] = [candidate(n).entry for n in range(1, 21)]
    mailed: dict[int, int] = {}

    for week in range(1, 6):
        current = [Candidate(entry, mailed.get(entry.id)) for entry in catalogue]
        for entry_id in ids(choose(current, Rules(most=5), TODAY)):
            assert entry_id not in mailed
            mailed[entry_id] = week

    assert len(mailed) == 20
