"""Many listen to one issue: one reading serves them all, and nothing is told that is not new."""

import asyncio
from collections.abc import Collection
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from newsletter.web.editor.leaving.listening import MOST, MOST_OF_ONE, Listeners, Reading

TICK = timedelta(milliseconds=50)


def visit(editor: int = 1, session: int = 1) -> Any:
    return SimpleNamespace(
        editor=SimpleNamespace(number=editor), session=SimpleNamespace(id=session)
    )


class Issue:
    """Something to listen to, of which tests say what is read next."""

    def __init__(self, *readings: Reading) -> None:
        self.readings = list(readings)
        self.asked: list[list[int]] = []

    def read(self, _number: int, ids: Collection[int]) -> Reading:
        self.asked.append(sorted(ids))
        return self.readings.pop(0) if len(self.readings) > 1 else self.readings[0]


def reading(
    figures: str, mark: str = "m", *, is_over: bool = False, out: Collection[int] = ()
) -> Reading:
    return Reading(figures, mark, is_over, frozenset(out))


async def heard(listeners: Listeners, who: Any, seen: str = "m") -> list[str]:
    said = [said async for said in listeners.listen(1, who, seen)]
    assert said[0].startswith("retry: ")
    return said[1:]


def test_one_reading_serves_all_and_what_is_not_new_is_not_told():
    issue = Issue(reading("one"), reading("one"), reading("two\nlines", is_over=True))
    listeners = Listeners(issue.read, every=TICK)

    async def both() -> tuple[list[str], list[str]]:
        one, other = await asyncio.gather(
            heard(listeners, visit(1, 1)), heard(listeners, visit(2, 2))
        )
        return one, other

    expected = [
        "event: figures\ndata: one\n\n",
        "event: figures\ndata: two\ndata: lines\n\n",
        "event: turn\ndata: m\n\n",
    ]
    assert asyncio.run(both()) == (expected, expected)
    assert len(issue.asked) < 6  # three for each of them, were they not shared


def test_a_page_that_is_not_right_any_more_is_told_so():
    listeners = Listeners(Issue(reading("one", "now")).read, every=TICK)

    assert asyncio.run(heard(listeners, visit(), seen="then"))[-1] == "event: turn\ndata: now\n\n"


def test_while_there_is_no_news_a_comment_says_that_the_line_is_there():
    issue = Issue(*[reading("one")] * 3, reading("one", is_over=True))
    listeners = Listeners(issue.read, every=TICK, quiet=TICK)

    assert asyncio.run(heard(listeners, visit()))[1] == ": nothing new\n\n"


def test_a_stream_ends_with_its_own_session_only():
    issue = Issue(reading("one"), reading("one", out=[1]), reading("two", is_over=True, out=[1]))
    listeners = Listeners(issue.read, every=TICK)

    async def both() -> tuple[list[str], list[str]]:
        one, other = await asyncio.gather(
            heard(listeners, visit(1, 1)), heard(listeners, visit(2, 2))
        )
        return one, other

    out, on = asyncio.run(both())
    assert out == ["event: figures\ndata: one\n\n"]
    assert on[-1].startswith("event: turn")


def test_only_so_many_listen_and_none_once_it_is_closed():
    async def crowd() -> tuple[bool, bool, bool]:
        listeners = Listeners(Issue(reading("one")).read, every=timedelta(minutes=1))
        streams = [
            listeners.listen(1, visit(number // MOST_OF_ONE, number), "m") for number in range(MOST)
        ]
        for stream in streams[:MOST_OF_ONE]:
            await anext(stream)
        of_one = listeners.has_room(visit(0)), listeners.has_room(visit(1))
        for stream in streams[MOST_OF_ONE:]:
            await anext(stream)
        of_all = listeners.has_room(visit(99))
        listeners.close()
        assert [said for stream in streams async for said in stream if "event" in said]
        assert not listeners.has_room(visit(99))
        return (*of_one, of_all)

    assert asyncio.run(crowd()) == (False, True, False)


def test_whoever_leaves_makes_room():
    async def come_and_go() -> bool:
        listeners = Listeners(Issue(reading("one", is_over=True)).read, every=TICK)
        for _ in range(2 * MOST_OF_ONE):
            await heard(listeners, visit())
        return listeners.has_room(visit())

    assert asyncio.run(come_and_go())
