import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers.profile import (
    MOST_FOLLOWED,
    MOST_TOPICS,
    Profile,
    attributes_from,
    clean,
    profile,
    split_tags,
)


def test_a_profile_is_cleaned_at_the_door():
    made = profile(
        "  Ines\t\x00Kwon \n",
        timezone="Europe/Lisbon",
        locale="pt",
        tags=["design", " design ", "", "a,b;c"],
        source="form",
    ).wishing("monthly", topics=["Design ", "Audio", "Design", ""], follows=["b", "a"])

    assert made == Profile(
        name="Ines Kwon",
        timezone="Europe/Lisbon",
        locale="pt",
        cadence="monthly",
        topics=("Audio", "Design"),
        follows=("a", "b"),
        tags=("design", "a b c"),
        source="form",
    )


def test_what_makes_no_sense_is_left_out():
    made = profile("Ines", timezone="Middle/Earth", locale="de_DE.UTF-8").wishing("hourly")

    assert made == Profile(name="Ines")


def test_letters_that_would_wait_for_no_tool_come_weekly():
    assert Profile().wishing("followed", follows=[" "]) == Profile(cadence="weekly")
    assert Profile().wishing("followed", follows=["alpha"]).cadence == "followed"


def test_no_more_names_are_kept_than_anybody_may_choose():
    made = Profile().wishing("weekly", topics=map(str, range(500)), follows=map(str, range(500)))

    assert (len(made.topics), len(made.follows)) == (MOST_TOPICS, MOST_FOLLOWED)


def test_wishes_are_the_persons_own_and_taken_from_nobody():
    known = Profile(cadence="weekly", topics=("Audio",))
    told = Profile(cadence="monthly", topics=("Design",), follows=("alpha",), locale="de")

    assert known.filled_by(told) == Profile(cadence="weekly", topics=("Audio",), locale="de")


def test_what_a_person_has_is_added_to_and_never_overwritten():
    known = Profile(name="Ines", tags=("design",), attributes={"plan": "free"})
    told = Profile(
        name="I. K.",
        timezone="Asia/Tokyo",
        tags=("code", "design"),
        attributes={"plan": "x", "y": 1},
    )

    assert known.filled_by(told) == Profile(
        name="Ines",
        timezone="Asia/Tokyo",
        tags=("design", "code"),
        attributes={"plan": "free", "y": 1},
    )


@given(st.text(), st.integers(1, 30))
def test_a_cleaned_text_stays_as_it_is(text, at_most):
    once = clean(text, at_most)

    assert clean(once, at_most) == once
    assert len(once) <= at_most


@given(st.lists(st.text(max_size=20), max_size=5))
def test_tags_can_be_written_as_a_list_and_read_back(tags):
    made = profile(tags=tags).tags

    assert profile(tags=split_tags(",".join(made))).tags == made


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param('{"plan": "free", "n": 3}', {"plan": "free", "n": 3}, id="an object"),
        pytest.param("[1, 2]", None, id="a list"),
        pytest.param("{'plan': 'free'}", None, id="Python, not JSON"),
        pytest.param('{"n": NaN}', None, id="not a number"),
        pytest.param('{"n": 1e999}', None, id="infinite"),
        pytest.param('{"a": "\\u0000"}', None, id="a NUL"),
        pytest.param('{"a": "\\ud800"}', None, id="half a character"),
        pytest.param('{"n": 123456789012345678901234567890}', None, id="a number of 30 digits"),
        pytest.param('{"a":' * 250 + "1" + "}" * 250, None, id="a well"),
        pytest.param("[" * 100_000, None, id="a well without bottom"),
        pytest.param('{"a": "' + "x" * 20_000 + '"}', None, id="a whole book"),
    ],
)
def test_attributes_are_a_json_object_that_every_database_can_keep(text, value):
    assert attributes_from(text) == value
