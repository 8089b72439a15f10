from datetime import date

import orjson
import pytest

from newsletter.content.pages.json_form import (
    MOST_COMPARISONS,
    MOST_REFUSALS,
    openapi_body,
    read_json,
)
from newsletter.content.refusals import Refusal, Unreadable


def comparison_json(**changes):
    return {
        "slug_a": "lamp-2026",
        "slug_b": "index-2026",
        "tool_a": {"slug": "lamp-2026", "name": "Lamp", "panel_percent": 75},
        "tool_b": {"slug": "index-2026", "name": "Index", "description": None},
        "quotes": [{"side": "a", "position": 1, "text": "Good.", "complete": True}],
    } | changes


def read_all(document):
    return list(read_json(orjson.dumps(document).decode(), source="x.json"))


@pytest.mark.parametrize(
    "wrap",
    [lambda one: one, lambda one: [one], lambda one: {"comparisons": [one]}],
    ids=["one", "list", "wrapped"],
)
def test_one_a_list_and_a_wrapped_list_are_read(wrap):
    (comparison,) = read_all(wrap(comparison_json()))

    assert comparison.key == "index-2026 lamp-2026"
    assert comparison.tool_a.panel_percent == 75
    assert comparison.tool_b.entry is None
    assert comparison.quotes[0].text == "Good."


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"tool_a": {"slug": "lamp-2026", "name": "Lamp", "panel_percent": 101}},
         "tool_a.panel_percent"),
        ({"tool_a": {"slug": "lamp-2026", "name": "Lamp", "panel_percent": "75"}},
         "tool_a.panel_percent"),
        ({"tool_a": {"slug": "lamp-2026", "name": "Lamp", "panel_percent": True}},
         "tool_a.panel_percent"),
        ({"tool_a": {"slug": "lamp-2026", "name": " "}}, "tool_a.name"),
        ({"tool_a": {"slug": "lamp-2026", "name": "La\nmp"}}, "tool_a.name"),
        ({"tool_a": {"slug": "lamp-2026", "name": "La\0mp"}}, "tool_a.name"),
        ({"tool_a": {"slug": "lamp-2026", "name": "Lamp", "stars": 5}}, "tool_a.stars"),
        ({"slug_a": "Lamp 2026"}, "slug_a"),
        ({"slug_a": "other"}, "the object"),
        ({"quotes": [{"side": "c", "position": 1, "text": "x"}]}, "quotes[0].side"),
        ({"quotes": [{"side": "a", "position": 0, "text": "x"}]}, "quotes[0].position"),
        ({"quotes": [{"side": "a", "position": 1, "text": "x"}] * 2}, "the object"),
        ({"date": 5}, "date"),
        ({"winner": "a"}, "winner"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_path(change, path):
    (refusal,) = read_all(comparison_json(**change))

    assert isinstance(refusal, Refusal)
    assert refusal.reason.startswith(f"{path}: ")


def test_a_bad_item_does_not_keep_the_others_out():
    good, bad = read_all({"comparisons": [comparison_json(), {"slug_a": 1}]})

    assert not isinstance(good, Refusal)
    assert bad.source == "x.json comparisons[1]"
    assert bad.reason.startswith("comparisons[1].slug_a: ")


def test_a_document_of_too_many_comparisons_is_refused_with_what_to_do():
    with pytest.raises(Unreadable, match=f"split it into parts of {MOST_COMPARISONS}"):
        read_all([{}] * (MOST_COMPARISONS + 1))

    assert (
        len(read_all({"comparisons": [comparison_json()] * MOST_COMPARISONS})) == MOST_COMPARISONS
    )


def test_a_hundred_refusals_are_listed_and_the_others_counted():
    items = [{}, comparison_json()] * 150

    outcomes = read_all(items)

    refusals = [one for one in outcomes if isinstance(one, Refusal)]
    assert len(outcomes) - len(refusals) == 150
    assert len(refusals) == MOST_REFUSALS + 1
    assert refusals[-1] == Refusal("x.json", "and 50 more are wrong")


@pytest.mark.parametrize(
    "document",
    [
        [{}] * 1_600_000,
        {f"field{number}": 1 for number in range(300_000)},
        {"x" * 4_000_000: 1},
        comparison_json(quotes=[{"side": "a", "position": "x" * 10_000}] * 200),
        [{"x" * 9_000: 1}] * MOST_COMPARISONS,
    ],
    ids=["many", "fields", "name", "quotes", "names"],
)
def test_five_megabytes_of_nonsense_make_a_small_report(document):
    try:
        reasons = [one.reason for one in read_all(document)]
    except Unreadable as error:
        reasons = [str(error)]

    assert sum(map(len, reasons)) < 100_000


def test_broken_json_is_refused_with_its_line():
    with pytest.raises(Unreadable, match="not valid JSON") as refusal:
        list(read_json('{\n"slug_a": \n}', source="x.json"))

    assert refusal.value.line == 3


def test_json_that_could_not_hold_comparisons_is_refused():
    with pytest.raises(Unreadable, match="neither a comparison"):
        list(read_json('"text"', source="x.json"))


def test_the_day_of_a_first_import_is_not_taken_for_the_pages_date():
    (published,) = read_all(comparison_json(date="2026-04-24"))
    (seen,) = read_all(
        comparison_json(
            date="2026-04-24", date_origin="first_seen", first_seen="2026-04-24T10:00:00Z"
        )
    )

    assert published.published_on == date(2026, 4, 24)
    assert seen.published_on is None


def test_a_slug_that_is_only_the_name_is_provisional():
    tool = {"slug": "quiet-lamp", "name": "Quiet Lamp"}

    (guessed,) = read_all(comparison_json(slug_a="quiet-lamp", tool_a=tool))
    (told,) = read_all(comparison_json(slug_a="quiet-lamp", tool_a=tool | {"provisional": False}))

    assert guessed.tool_a.provisional
    assert not told.tool_a.provisional


def test_the_schema_for_openapi_stands_on_its_own():
    described = orjson.dumps(openapi_body()).decode()

    assert "$ref" not in described
    assert "panel_percent" in described
