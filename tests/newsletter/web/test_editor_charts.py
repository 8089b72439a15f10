"""Where lines and bars stand: inside the field, from zero, in proportion."""

import pytest

from newsletter.web.editor.afterwards.charts import (
    BOTTOM,
    LEFT,
    RIGHT,
    TOP,
    Column,
    Part,
    columns,
    line,
)


def one(up: float, down: float = 0) -> Column:
    return Column("x", f"{up} up", (Part("joined", up), Part("left", -down)))


def test_columns_are_as_long_as_what_they_stand_for():
    drawn = columns([one(10, 5), one(20)])
    up, down, twice = drawn.boxes

    assert twice.height == pytest.approx(2 * up.height)
    assert up.y + up.height == pytest.approx(drawn.zero)
    assert down.y == pytest.approx(drawn.zero)
    assert down.height == pytest.approx(up.height / 2)


def test_pieces_of_a_column_stand_on_each_other():
    below, above = columns([Column("x", "", (Part("left", 3), Part("lost", 4)))]).boxes

    assert above.y + above.height == pytest.approx(below.y)


@pytest.mark.parametrize(
    ("most", "steps"),
    [
        (0, ["0", "1"]),
        (7, ["5", "0", "5", "10"]),
        (12_345, ["5,000", "0", "5,000", "10k", "15k"]),
        (9_876_543, ["5,000k", "0", "5,000k", "10,000k"]),
    ],
)
def test_everything_is_in_the_field_and_steps_are_round(most, steps):
    drawn = columns([one(most, most / 3), one(0)])
    heights = [edge for box in drawn.boxes for edge in (box.y, box.y + box.height)]

    assert all(TOP - 0.1 <= at <= BOTTOM + 0.1 for at in heights)
    assert [step.words for step in drawn.steps] == steps


def test_a_line_goes_from_left_to_right_through_its_values():
    drawn = line([("a", 100, ""), ("b", 110, ""), ("c", 105, "")])
    first, second, third = drawn.dots

    assert LEFT < first.x < second.x < third.x < RIGHT
    assert second.y < third.y < first.y
    assert drawn.line.count(",") == 3


def test_of_many_times_some_are_written_the_last_one_always():
    drawn = columns([Column(str(week), "", (Part("joined", 1),)) for week in range(26)])

    assert [time.words for time in drawn.times] == ["4", "11", "18", "25"]


def test_nothing_at_all_is_a_chart_too():
    assert columns([]).boxes == []
    assert line([]).line == ""
