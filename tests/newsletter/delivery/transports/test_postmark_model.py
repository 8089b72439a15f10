"""A reader's values are sent once each, under keys of a letter or two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery.transports.postmark_model import Model, UnfitMark
from newsletter.rendering.personal import Marked

NOTHING = Marked.plain("")


def of(*names: str) -> Marked:
    return Marked(("",) * (len(names) + 1), names)


def test_a_value_that_is_alike_everywhere_stands_once_and_any_other_for_each_part():
    model = Model.of(of("email", "vote"), of("email", "vote"), frozenset({"vote"}))

    written = model.filled(lambda name: name, lambda name: f"&{name}")

    assert written == {"e": "email", "v": "vote", "h": {"e": "&email"}}
    assert model.paths_in_html == {"email": "h.e", "vote": "v"}


def test_a_key_is_the_shortest_beginning_that_no_other_mark_has():
    model = Model.of(NOTHING, of("vote", "voter", "vital", "hour", "open"))

    keys = {"vote": "vote", "voter": "voter", "vital": "vi", "hour": "ho", "open": "open"}
    assert model.plain == keys


@given(st.sets(st.from_regex(r"[a-c][a-c_]{0,4}", fullmatch=True), max_size=12))
def test_no_two_marks_have_one_key(names):
    model = Model.of(NOTHING, of(*names))

    assert len(set(model.plain.values())) == len(names)


@pytest.mark.parametrize("name", ["first name", "a.b", "1st", "", "h", "open_brace"])
def test_a_mark_that_postmark_cannot_look_up_is_refused(name):
    with pytest.raises(UnfitMark):
        Model.of(NOTHING, of(name))
