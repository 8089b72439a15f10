import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.rendering.headline import headline, intro
from newsletter.rendering.subject import preheader, subject
from tests.newsletter.rendering.samples import Item, item, tool, view

LONG = "Notion Workspace: Autonomous Project Manager Mode"


def pair(a: str, b: str, left: int | None = 75, right: int | None = 75) -> Item:
    return item(tool(f"slug-{a}-1", a, left), tool(f"slug-{b}-2", b, right))


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        pytest.param([pair("A", "B", 100, 25)], "A vs B: the verdict", id="alone"),
        pytest.param(
            [pair("A", "B"), pair("C", "D", 100, 50)],
            "C vs D + one more verdict",
            id="two, the decided one first",
        ),
        pytest.param(
            [pair("A", "B", 75, 50), pair("C", "D", 25, 100), pair("E", "F", None, 0)],
            "C vs D + 2 more verdicts",
            id="widest gap first, whoever leads",
        ),
        pytest.param(
            [pair("A", "B"), pair("C", "D")], "A vs B + one more verdict", id="ties keep order"
        ),
        pytest.param(
            [pair("A" * 22, "B" * 22, 100, 0), pair("C", "D")],
            f"{'A' * 22} vs {'B' * 22} + one more",
            id="short form",
        ),
        pytest.param(
            [pair("A" * 28, "B" * 28, 100, 0), pair("C", "D")],
            f"{'A' * 28} vs {'B' * 28}",
            id="names alone",
        ),
        pytest.param(
            [pair(LONG, "Quill", 100, 0), pair("C", "D")],
            f"{LONG} vs Quill",
            id="just fits",
        ),
        pytest.param(
            [pair(LONG, "Patchwork", 100, 0), pair("C", "D")],
            "Notion Workspace vs Patchwork + one more verdict",
            id="brief names",
        ),
        pytest.param(
            [pair("L" * 50, "Patchwork", 100, 0), pair("C", "D")],
            "C vs D + one more verdict",
            id="next pair when the sharpest has no room",
        ),
        pytest.param(
            [pair("L" * 50, "Patchwork", 100, 0), pair("X" * 60, "D")],
            "Issue 12: 2 match-ups, one decided",
            id="the count when none has room",
        ),
    ],
)
def test_the_subject_names_the_sharpest_match_up(items: list[Item], expected: str) -> None:
    assert subject(12, view(items).cards) == expected


shares = st.none() | st.integers(0, 100)
pairs = st.builds(pair, st.text(min_size=1), st.text(min_size=1), shares, shares)


@given(st.lists(pairs, max_size=9))
def test_lengths_hold_for_all_names_and_numbers(items: list[Item]) -> None:
    issue = view(items)

    assert 0 < len(issue.subject) <= 60
    assert 90 <= len(issue.preheader) <= 140
    assert issue.subject != issue.preheader


def test_the_preheader_says_the_numbers_and_who_else_is_in() -> None:
    said = preheader(view([pair("Arc", "Bow", 50, 100), pair("Cog", "Dot")]).cards)

    assert said.startswith("Bow 100% ship, Arc 50%. Also Cog vs Dot.")


def test_a_preheader_says_the_numbers_by_brief_names_when_the_full_ones_have_no_room() -> None:
    said = preheader(view([pair(f"{LONG} for {LONG}s", LONG.replace("N", "M"), 50, 100)]).cards)

    assert said.startswith("Motion Workspace 100% ship, Notion Workspace 50%.")


def test_a_preheader_of_a_tie_prefers_nobody() -> None:
    assert preheader(view([pair("Arc", "Bow")]).cards).startswith("Arc and Bow tie at 75%.")


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        pytest.param([], "0 match-ups, none decided", id="none"),
        pytest.param([pair("A", "B", 100, 0)], "One match-up, decided", id="one"),
        pytest.param([pair("A", "B")], "One match-up, a tie", id="one tie"),
        pytest.param([pair("A", "B", None)], "One match-up, still open", id="one open"),
        pytest.param([pair("A", "B"), pair("C", "D")], "2 match-ups, none decided", id="ties"),
        pytest.param(
            [pair("A", "B"), pair("C", "D", 0, 25)], "2 match-ups, one decided", id="one of two"
        ),
        pytest.param(
            [pair("A", "B", 50), pair("C", "D", 0)], "2 match-ups, all decided", id="all of two"
        ),
    ],
)
def test_the_headline_counts(items: list[Item], expected: str) -> None:
    assert headline(view(items).cards) == expected


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        pytest.param([], (), id="nothing to say"),
        pytest.param(
            [pair("A", "B", 100, 99)],
            ("The panel puts A ahead of B by one point.",),
            id="one decided by a point",
        ),
        pytest.param([pair("A", "B")], ("Neither side is ahead.",), id="one tie"),
        pytest.param(
            [pair("A", "B"), pair("C", "D")], ("All of them are ties.",), id="nothing but ties"
        ),
        pytest.param(
            [pair("A", "B", 100, 0), pair("C", "D"), pair("E", "F", None)],
            (
                "One has a leader, one is a tie and one waits for a panel verdict.",
                "The widest gap is 100 points: A over B.",
                "Nobody on the panel would ship B.",
            ),
            id="one of each",
        ),
        pytest.param(
            [pair("A", "B", 50, 0), pair("C", "D", 0, 50)],
            (
                "All of them have a leader.",
                "The gap is 50 points in all of them.",
                "There are two tools that nobody on the panel would ship.",
            ),
            id="everywhere the same",
        ),
        pytest.param(
            [pair("A", "B", 50, 25), pair("C", "D", 25, 50), pair("E", "F")],
            ("Two have a leader and one is a tie.", "The widest gap is 25 points, in two of them."),
            id="a shared widest gap",
        ),
        pytest.param(
            [pair(f"{LONG} {LONG}", "Quill", 100, 50), pair("C", "D", 75, 50)],
            (
                "All of them have a leader.",
                "The widest gap is 50 points: Notion Workspace over Quill.",
            ),
            id="names that would fill the screen are brief",
        ),
        pytest.param(
            [pair("L" * 400, "Quill", 0, 50), pair("C", "D", 75, 50)],
            (
                "All of them have a leader.",
                "The widest gap is 50 points.",
                "There is one tool that nobody on the panel would ship.",
            ),
            id="names that no sentence holds are left out",
        ),
    ],
)
def test_the_intro_is_counted(items: list[Item], expected: tuple[str, ...]) -> None:
    assert intro(view(items).cards) == expected
