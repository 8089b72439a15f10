"""Filling one reader's copy of a real letter, beside copying the same bytes and rendering anew.

Run with ``python -m benchmarks.filling``. All ways take turns in each round. A copy is one
allocation and one pass over the characters, without looking at them: ``text + " "`` of a string,
``bytes(bytearray)`` of its UTF-8; both give new memory, where ``str(text)`` and ``bytes(raw)`` give
the same object again. Each way is measured twice: with all copies kept until the batch is whole, in
fresh memory, as a batch call to a provider needs them; and with each copy dropped before the next
one, where all of it stays in the processor's cache and a copy costs next to nothing. Compare only
within one run.
"""

import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from html import escape
from pathlib import Path
from statistics import median

from benchmarks.catalogue import stocked_service
from newsletter.delivery.claiming import Recipient
from newsletter.delivery.message import Mailing, Message
from newsletter.desk import Desk
from newsletter.issues import frozen
from newsletter.issues.models import Issue
from newsletter.rendering.letter import render
from newsletter.rendering.personal import mark
from subscribers.models import new_public_id

GOAL = 2.0
ROUNDS = 15
READERS = 200
RENDERINGS = 3
COMPARISONS = 5  # as many cards as make 60 kB of HTML

Copy = Callable[[Message], object]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to come by a reader's copy.

    Attributes:
        name: as printed.
        copy: makes the copy of one reader.
        floor: name of the way that copies the same bytes.
        readers: for how many it is done in a round.
    """

    name: str
    copy: Copy
    floor: str
    readers: int = READERS


AS_TEXT, AS_BYTES = "copy, str", "copy, UTF-8"


def main() -> None:
    """Build a letter, measure, and print a table."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        wired = stocked_service(folder, COMPARISONS)
        stack.callback(wired.close)
        desk = wired.desk
        issue = desk.build(desk.slots.next(), actor="benchmark")
        readers = [_message(desk, issue, number) for number in range(READERS)]
        mailing = desk.dispatch.sender.letterhead.mailing(issue)
        ways = [*ours(mailing, readers[0]), replacing(issue), rendering(issue)]
        _print(mailing, readers[0], ways, measure(ways, readers))


def ours(mailing: Mailing, first: Message) -> list[Way]:
    """Give the product's filling of both parts, and the floors below it."""
    html, text = _filled(mailing, first)
    raw_html, raw_text = bytearray(html.encode()), bytearray(text.encode())
    return [
        Way(AS_TEXT, lambda _: (html + " ", text + " "), AS_TEXT),
        Way("fill, str", lambda one: _filled(mailing, one), AS_TEXT),
        Way(AS_BYTES, lambda _: (bytes(raw_html), bytes(raw_text)), AS_BYTES),
        Way("encode, UTF-8", lambda _: (html.encode(), text.encode()), AS_BYTES),
        Way(
            "fill and encode, UTF-8",
            lambda one: tuple(part.encode() for part in _filled(mailing, one)),
            AS_BYTES,
        ),
    ]


def replacing(issue: Issue) -> Way:
    """Give ``str.replace``, once for each mark that there is."""

    def copy(one: Message) -> tuple[str, str]:
        html, text = issue.html, issue.text
        for name, value in one.values.items():
            html = html.replace(mark(issue.nonce, name), escape(value))
            text = text.replace(mark(issue.nonce, name), value)
        return html, text

    return Way("str.replace for each mark", copy, AS_TEXT)


def rendering(issue: Issue) -> Way:
    """Give the naive way: the whole letter through Jinja2 and MJML again for each reader."""
    view = frozen.view(issue)

    def copy(one: Message) -> tuple[str, str]:
        letter = render(view, issue.nonce)
        return letter.marked_html().fill_html(one.values), letter.marked_text().fill(one.values)

    return Way("render for each reader", copy, AS_TEXT, RENDERINGS)


@dataclass(frozen=True, slots=True)
class Spent:
    """CPU in microseconds a reader, by name of the way: with copies kept, and with them dropped."""

    kept: dict[str, float]
    dropped: dict[str, float]


def measure(ways: list[Way], readers: list[Message]) -> Spent:
    """Give the medians of all rounds."""
    kept: dict[str, list[float]] = {way.name: [] for way in ways}
    dropped: dict[str, list[float]] = {way.name: [] for way in ways}
    for _ in range(ROUNDS):
        for way in ways:
            before = time.process_time()
            batch = [way.copy(one) for one in readers[: way.readers]]
            kept[way.name].append((time.process_time() - before) / way.readers * 1e6)
            del batch
            before = time.process_time()
            for one in readers[: way.readers]:
                way.copy(one)
            dropped[way.name].append((time.process_time() - before) / way.readers * 1e6)
    return Spent(*({name: median(us) for name, us in found.items()} for found in (kept, dropped)))


def _filled(mailing: Mailing, one: Message) -> tuple[str, str]:
    assert mailing.html is not None
    return mailing.html.fill_html(one.values), mailing.text.fill(one.values)


def _message(desk: Desk, issue: Issue, number: int) -> Message:
    reader = Recipient(
        id=number, public_id=new_public_id(), email=f"reader{number}@example.org", token_epoch=0
    )
    return desk.dispatch.sender.letterhead.message(
        issue.number, issue.local_date, reader, "benchmark"
    )


def _print(mailing: Mailing, one: Message, ways: list[Way], spent: Spent) -> None:
    html, text = _filled(mailing, one)
    assert mailing.html is not None
    print(
        f"{len(html.encode()):,} bytes of HTML with {len(mailing.html.names)} places to fill, "
        f"{len(text.encode()):,} bytes of text with {len(mailing.text.names)}; "
        f"goal: a filling costs at most {GOAL:.0f} copies\n"
    )
    print("| one reader's copy | CPU µs, kept | copies | CPU µs, dropped | copies |")
    print("|---|---:|---:|---:|---:|")
    for way in ways:
        figures = (
            f"{cpu[way.name]:.1f} | {cpu[way.name] / cpu[way.floor]:.1f}x"
            for cpu in (spent.kept, spent.dropped)
        )
        print(f"| {way.name} | {' | '.join(figures)} |")


if __name__ == "__main__":
    main()
