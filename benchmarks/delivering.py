"""CPU of sender and database for each accepted letter, everything included, beside its floor.

Run with ``python -m benchmarks.delivering``. An audience is frozen; measured is what follows: claim,
skip check, tokens, call, record. In the same run, in turn, on copies of the same database:

- the floor of a hand-over: the SQL that the sender used, played again at the driver; what has to be
  made of a row whoever sends it, which is three tokens, made with ``hmac`` and nothing else, and the
  name of the copy; the same messages, made one by one, encoded with orjson and posted by http.client;
- postmarker as it comes: bodies filled for each reader, ``send_batch``, and the same SQL and tokens;
- the naive way: Jinja and MJML for each reader, one call for each letter, no books kept at all.

The loopback Postmark is a process of its own and not counted; those of PostgreSQL are.
"""

import gc
import hmac
import sys
import tempfile
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from io import StringIO
from pathlib import Path
from statistics import median
from typing import Any

from postmarker.core import PostmarkClient
from sqlalchemy import insert, select
from sqlmodel import col

from benchmarks import postmark_transport as transport
from benchmarks.catalogue import NOW, sample_documents
from benchmarks.database_copies import Copies, FileCopies, server_copies
from benchmarks.tape import Tape
from newsletter.content.importing import import_documents
from newsletter.delivery.claiming import Recipient
from newsletter.delivery.message import Mailing, Message
from newsletter.delivery.transports.postmark_handover import Handover
from newsletter.issues import frozen
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from newsletter.logs import set_up
from newsletter.rendering.letter import render
from newsletter.service import Service
from newsletter.settings import load
from newsletter.testing.postmark.process import TOKEN, LoopbackPostmark, running_postmark
from newsletter.wiring import build
from subscribers.models import Subscriber, new_public_id

READERS = 100_000
"""So many that little of what is measured, a fiftieth, is done once for an issue."""

FULL_READERS, NAIVE_READERS = 2_000, 20
"""Of calls in which nothing at all is, so that fewer letters do."""

A_CALL = 500
CARDS = 5  # as many as make 60 kB of HTML
ROUNDS = 5
STOCK = "postmarker send_batch"

Run = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a way.

    Attributes:
        run: what is measured.
        letters: for how many letters it is done.
    """

    run: Run
    letters: int = READERS


@dataclass(frozen=True, slots=True)
class Way:
    """One way to deliver the issue.

    Attributes:
        name: as printed.
        prepare: gives what is to be measured, on a fresh copy of the database.
        size: bytes of a letter in the body of a call.
        floor: name of the way that it is compared with; its own name for a floor.
    """

    name: str
    prepare: Callable[[], list[Step]]
    size: float
    floor: str


def main() -> None:
    """Measure on both databases and print a table for each."""
    set_up("json", "error")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for copies in (FileCopies(folder), stack.enter_context(server_copies())):
            home = folder / copies.kind
            home.mkdir()
            postmark = stack.enter_context(running_postmark(home / "log"))
            course = Course(copies, home, postmark)
            _print(copies.kind, course.ways, course.measured())


def _print(kind: str, ways: Sequence[Way], cpu: Mapping[str, float]) -> None:
    print(f"\n| {kind} | CPU µs a letter | of its floor | cheaper than stock | bytes a letter |")
    print("|---|---:|---:|---:|---:|")
    for way in ways:
        spent = cpu[way.name]
        ratios = f"{spent / cpu[way.floor]:.2f} | {cpu[STOCK] / spent:.1f}"
        print(f"| {way.name} | {spent:.1f} | {ratios} | {way.size:,.0f} |")


class Course:
    """All ways to deliver one issue, on copies of one database."""

    def __init__(self, copies: Copies, folder: Path, postmark: LoopbackPostmark) -> None:
        """Freeze an audience in the original, and record the SQL that a send of it takes."""
        self._copies, self._folder, self._postmark = copies, folder, postmark
        self._issue, self._mailing, self._messages = self._prepared()
        self.ways = list(self._ways())
        self._tape = self._recorded()

    def measured(self) -> dict[str, float]:
        """Give the median CPU in microseconds a letter, by way; the first lap warms up."""
        gc.collect()
        gc.freeze()  # what is kept here for all ways is none of the garbage of one
        taken: dict[str, list[float]] = {way.name: [] for way in self.ways}
        for lap in range(ROUNDS + 1):
            for way in self.ways:
                self._postmark.reset()
                spent = sum(self._spent(step) / step.letters for step in way.prepare())
                if lap:
                    taken[way.name].append(spent * 1e6)
        return {name: median(values) for name, values in taken.items()}

    def _spent(self, step: Step) -> float:
        before = self._cpu()
        step.run()
        return self._cpu() - before

    def _ways(self) -> Iterator[Way]:
        made = self._postmark.url, self._mailing
        values = transport.floor_of_template(*made, self._messages)
        full = self._messages[:FULL_READERS]
        bodies = transport.floor_of_batch(*made, full)
        stock = transport.stock(*made, full)
        size = partial(transport.size_of, self._mailing, self._messages[:A_CALL])
        template, batch = "floor of template", "floor of batch"
        yield Way("template", lambda: self._ours("template"), size("template"), template)
        yield Way(template, lambda: self._with_sql(Step(values.send)), values.size, template)
        yield Way("batch", lambda: self._ours("batch"), size("batch"), batch)
        yield Way(
            batch, lambda: self._with_sql(Step(bodies.send, FULL_READERS)), bodies.size, batch
        )
        sent = Step(stock.send, FULL_READERS)
        yield Way(STOCK, lambda: self._with_sql(sent), stock.size, batch)
        yield Way("naive", lambda: [Step(self._naive, NAIVE_READERS)], stock.size, batch)

    def _cpu(self) -> float:
        return time.process_time() + self._copies.cpu()

    def _prepared(self) -> tuple[Issue, Mailing, list[Message]]:
        with closing(self._service(self._copies.original, "template")) as wired:
            import_documents(wired.database.writing, sample_documents(), now=NOW)
            with wired.database.writing() as session:
                session.execute(insert(Subscriber), [_subscriber(one) for one in range(READERS)])
            issue = wired.desk.build(wired.desk.slots.next(), actor="benchmark")
            wired.dispatch.start(issue.number, actor="benchmark")
            letterhead = wired.dispatch.sender.letterhead
            messages = letterhead.messages(
                issue.number, issue.local_date, _recipients(wired), f"{0:032x}"
            )
            return issue, letterhead.mailing(issue), messages

    def _recorded(self) -> Tape:
        tape = Tape()
        with (
            closing(self._copied("template")) as wired,
            tape.recording(wired.database.engine),
        ):
            self._deliver(wired)
        return tape

    def _ours(self, handover: Handover) -> list[Step]:
        wired = self._copied(handover)
        return [Step(lambda: self._deliver(wired))]

    def _deliver(self, wired: Service) -> None:
        with closing(wired):
            wired.dispatch.sender.send_due()
            if wired.desk.issue(self._issue.number).state != IssueState.SETTLED.value:
                sys.exit("the books do not balance")

    def _with_sql(self, sending: Step) -> list[Step]:
        url = self._copies.copy()

        def books() -> None:
            self._tape.play(url)
            for message in self._messages:
                _made_plainly(message)

        return [Step(books), sending]

    def _naive(self) -> None:
        client = PostmarkClient(
            server_token=TOKEN, root_api_url=self._postmark.url, logs_stream=StringIO()
        )
        client.session.trust_env = False
        for message in self._messages[:NAIVE_READERS]:
            letter = render(frozen.view(self._issue), self._issue.nonce)
            client.emails.send(
                From=self._mailing.sender,
                To=message.to,
                Subject=letter.subject,
                HtmlBody=letter.marked_html().fill_html(message.values),
                TextBody=letter.marked_text().fill(message.values),
                MessageStream="broadcast",
            )

    def _copied(self, handover: Handover) -> Service:
        """Make a service for a fresh copy of the database, and tell it that it may send from it."""
        wired = self._service(self._copies.copy(), handover)
        with wired.database.writing() as session:
            wired.fence.adopt(session)
        return wired

    def _service(self, url: str, handover: Handover) -> Service:
        settings = load(
            data_dir=self._folder / "data",
            database_url=url,
            postal_address="1 Sample Street",
            transport="postmark",
            postmark_api_url=self._postmark.url,
            postmark_server_token=TOKEN,
            postmark_handover=handover,
            batch_size=A_CALL,
            issue_size=CARDS,
        )
        return build(settings, clock=lambda: NOW)


def _subscriber(number: int) -> dict[str, Any]:
    address = f"reader{number}@example.org"
    return {
        "public_id": new_public_id(),
        "email": address,
        "address_key": address,
        "address_hash": f"{number:064x}",
        "state": "active",
        "created_at": NOW,
        "state_changed_at": NOW,
    }


def _recipients(wired: Service) -> list[Recipient]:
    columns = select(col(Subscriber.id), col(Subscriber.public_id), col(Subscriber.email))
    with wired.database.reading() as session:
        return [
            Recipient(row.id, row.public_id, row.email, token_epoch=0)
            for row in session.execute(columns)
        ]


def _made_plainly(message: Message) -> tuple[str, dict[str, str]]:
    """Name a copy and sign its three links with the least work that does so."""
    person = message.delivery_id[-12:].encode()
    payloads = [b"k%c" % purpose + person for purpose in range(3)]
    tokens = [
        urlsafe_b64encode(payload + hmac.digest(b"key", payload, "sha256")[:16]).decode()
        for payload in payloads
    ]
    leave, preferences, vote = tokens
    values = {"unsubscribe": leave, "preferences": preferences, "vote": vote, "email": message.to}
    return f"1-{person.hex()}", values


if __name__ == "__main__":
    main()
