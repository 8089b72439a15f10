"""Two pages that share a tool, each with its address and without, arriving in every order."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from newsletter.content.catalogue import lookup
from newsletter.content.catalogue.store import Saved, save
from newsletter.content.comparison import Comparison, Quote, Tool
from newsletter.content.pages.identity import identify
from newsletter.content.pages.page_text import read_comparison
from newsletter.database import Database
from tests.newsletter.content.page_factory import Block, page

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
VELA = Block("Vela Turbo", tagline="Sees on the phone", description="Under two billion weights.")
MEDIUM = Block("North Medium 3.2", tagline="The cheap one", description="It runs code.")
LARGE = Block("North Large 3", tagline="The flagship", description="It calls tools.")
PAGES = [
    read_comparison(
        page(
            a=VELA, b=other, quotes=(f"Vela beside {other.name}.", f"{other.name} beside Vela.")
        ).compact()
    )
    for other in (MEDIUM, LARGE)
]
SLUGS = [  # of each tool: as they are made from its name, and as they describe a launch
    ("vela-turbo", "acme-labs-vela-turbo-edge-vision-model"),
    ("north-medium-3-2", "north-medium-3-2-native-code-interpreter"),
    ("north-large-3", "north-large-3-tool-calling-128k-context"),
]


@contextmanager
def thrown_away(database: Database) -> Iterator[Session]:
    """Give a catalogue that is empty again afterwards: many of them in a second."""
    with database.writing() as session:
        yield session
        session.rollback()


def bring_in(session: Session, number: int, pair: str | None) -> Saved:
    known = lookup.known_slugs(session)
    return save(session, identify(PAGES[number], pair=pair, known_slugs=known), now=NOW)


def told(session: Session) -> list[tuple[object, ...]]:
    return [side for entry in lookup.entries(session) for side in sides_of(entry.comparison)]


def sides_of(one: Comparison) -> list[tuple[object, ...]]:
    """Give who each side is and what is said of it."""
    tools = ((one.tool_a, one.quotes_on("a")), (one.tool_b, one.quotes_on("b")))
    return [
        (tool.slug, tool.name, tool.tagline, tool.description, quote.text)
        for tool, (quote,) in tools
    ]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    slugs=st.tuples(*map(st.sampled_from, SLUGS)),
    other_order=st.tuples(st.booleans(), st.booleans()),
    arriving=st.permutations([(page, named) for page in (0, 1) for named in (False, True)]),
)
def test_every_order_of_arrival_ends_with_the_same_two_comparisons(
    database, slugs, other_order, arriving
):
    shared, *others = slugs
    pairs = [
        f"{other}-vs-{shared}" if turned else f"{shared}-vs-{other}"
        for other, turned in zip(others, other_order, strict=True)
    ]
    right = [
        replace(one, tool_a=replace(one.tool_a, slug=shared), tool_b=replace(one.tool_b, slug=slug))
        for one, slug in zip(PAGES, others, strict=True)
    ]

    with thrown_away(database) as session:
        saved = [
            bring_in(session, number, pairs[number] if named else None)
            for number, named in arriving
            for _twice in range(2)
        ]

        assert not any(one.conflicts for one in saved)
        assert sorted(told(session)) == sorted(chain.from_iterable(map(sides_of, right)))


def keep(database: Database, *readings: Comparison) -> list[Saved]:
    with database.writing() as session:
        return [save(session, one, now=NOW) for one in readings]


def stored(database: Database) -> list[Comparison]:
    with database.reading() as session:
        return [one.comparison for one in lookup.entries(session)]


def pair_of(a: Tool, b: Tool) -> Comparison:
    return Comparison(a, b, (Quote("a", 1, f"Of {a.tagline}."), Quote("b", 1, f"Of {b.tagline}.")))


FIRST = Tool("lamp", "Lamp", tagline="The first launch", provisional=True)
SECOND = Tool("lamp", "Lamp", tagline="The second launch")
OTHER = Tool("index", "Index", tagline="A search")


def test_a_slug_made_from_a_name_gives_way_to_the_tool_that_has_it_by_right(database):
    keep(database, pair_of(FIRST, OTHER))

    added, again = keep(database, pair_of(SECOND, OTHER), pair_of(FIRST, OTHER))

    assert (added.result, added.conflicts, again.result) == ("added", (), "unchanged")
    assert {one.key: one.quotes_on("a")[0].text for one in stored(database)} == {
        "index lamp": "Of The second launch.",
        "index lamp-2": "Of The first launch.",
    }


def test_a_provisional_pair_may_move_to_the_slugs_of_each_other(database):
    first = Tool("lamp", "Lamp", tagline="Light", provisional=True)
    second = Tool("index", "Index", tagline="Search", provisional=True)
    keep(database, pair_of(first, second))

    (saved,) = keep(
        database,
        pair_of(Tool("index", "Lamp", tagline="Light"), Tool("lamp", "Index", tagline="Search")),
    )

    assert saved.result == "filled"
    (comparison,) = stored(database)
    assert (comparison.tool_a.slug, comparison.tool_a.name) == ("index", "Lamp")
    assert (comparison.tool_b.slug, comparison.tool_b.name) == ("lamp", "Index")


def test_a_pair_under_a_numbered_slug_is_found_again_beside_its_namesakes(database):
    launches = [replace(FIRST, slug=f"lamp-{year}", provisional=False) for year in (2026, 2027)]
    keep(database, *(pair_of(tool, OTHER) for tool in (SECOND, *launches)))

    saved = keep(database, *[pair_of(FIRST, OTHER)] * 3)

    assert [one.result for one in saved] == ["added", "unchanged", "unchanged"]
    assert "index lamp-2" in {one.key for one in stored(database)}


@pytest.mark.parametrize(
    ("before", "incoming"),
    [
        (
            pair_of(FIRST, replace(FIRST, slug="lamp-2")),
            pair_of(replace(FIRST, slug="lamp-2", provisional=False), FIRST),
        ),
        (
            pair_of(
                replace(SECOND, provisional=True),
                replace(FIRST, slug="lamp-2026", provisional=False),
            ),
            pair_of(replace(SECOND, slug="lamp-2026"), replace(FIRST, slug="x")),
        ),
        (
            pair_of(SECOND, OTHER),
            pair_of(FIRST, replace(FIRST, slug="lamp-2", provisional=False)),
        ),
    ],
    ids=["slug of the other side", "real slug of the other side", "slug that a number makes"],
)
def test_one_tool_never_stands_on_both_sides(database, before, incoming):
    """JSON names its slugs itself, and can name one of them twice in this roundabout way."""
    keep(database, before)

    keep(database, incoming)

    assert incoming.tool_a.tagline in {one.tool_a.tagline for one in stored(database)}
    assert all(one.tool_a.slug != one.tool_b.slug for one in stored(database))
