"""Plain functions that make things; a test states only what it is about."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from newsletter.content.catalogue.store import save
from newsletter.content.comparison import CatalogueEntry, Comparison, Quote, Tool
from newsletter.database import Database
from newsletter.delivery.letterhead import Letterhead
from newsletter.delivery.sending import Sender
from newsletter.delivery.transport import Transport
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.desk import Desk
from newsletter.dispatch import Dispatch
from newsletter.feedback.answering import Answers
from newsletter.instance.fence import Fence
from newsletter.instance.memory import FILE, Memory
from newsletter.mailroom import Mailroom
from newsletter.parts import inspector_for, limits_for, press_for, reconciler_for
from newsletter.service import Service
from newsletter.settings import load
from newsletter.sign_up.reception import Reception
from newsletter.wiring import router_of
from schedules.windows import window_from
from subscribers import signup
from subscribers.address import Address
from subscribers.consent import stated
from subscribers.keys import KeyRing
from subscribers.models import Subscriber, new_public_id
from subscribers.tokens import Signer

SEEN = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECRET = b"a secret that is only good for tests"
PEPPER = b"pepper of the tests"

WORDS = (
    "The setup takes one command and the defaults are sane; that earns the ship.",
    "What kills this is a rate limit that nobody documents.",
    "If the trend holds, every editor will embed something like it within two years.",
    "The buyer is a team lead with a small budget, and the price fits it.",
)


def make_tool(slug: str = "alpha", **facts: object) -> Tool:
    known: dict[str, object] = {
        "name": slug.replace("-", " ").title(),
        "category": "Developer Tools",
        "tagline": f"What {slug} does, in one line",
        "panel_percent": 75,
        "entry": "Free",
        "description": f"{slug} is a tool that exists for the tests.",
    }
    return Tool(slug=slug, **(known | facts))  # type: ignore[arg-type]


def make_comparison(a: Tool | str = "alpha", b: Tool | str = "beta") -> Comparison:
    quotes = tuple(
        Quote(side, position, words)
        for position, words in enumerate(WORDS, start=1)
        for side in ("a", "b")
    )
    tools = [tool if isinstance(tool, Tool) else make_tool(tool) for tool in (a, b)]
    return Comparison(tools[0], tools[1], quotes)


def make_entry(
    comparison: Comparison | None = None, *, entry_id: int = 1, day: date = date(2026, 11, 20)
) -> CatalogueEntry:
    return CatalogueEntry(entry_id, comparison or make_comparison(), SEEN, day, "first_seen")


def store_comparisons(session: Session, count: int, *, now: datetime = SEEN) -> None:
    for number in range(1, count + 1):
        save(session, make_comparison(f"left-{number}", f"right-{number}"), now=now)


def add_subscribers(
    session: Session, count: int, *, now: datetime = SEEN, pepper: bytes = PEPPER
) -> list[Subscriber]:
    return [
        signup.add(
            session,
            Address.parse(f"reader{number}@example.org"),
            consent=stated("a test", at=now),
            pepper=pepper,
        )[0]
        for number in range(1, count + 1)
    ]


def add_many_subscribers(session: Session, count: int) -> None:
    """Copy one subscriber so often that there are so many, without the pains of signing up."""
    [first] = add_subscribers(session, 1)
    known = first.model_dump(exclude={"id"})
    copies = [
        known
        | {
            "public_id": new_public_id(),
            "email": f"reader{number}@example.org",
            "address_key": f"reader{number}@example.org",
            "address_hash": f"hash of {number}",
        }
        for number in range(2, count + 1)
    ]
    session.execute(insert(Subscriber), copies)


def make_desk(
    database: Database,
    transport: Transport | None = None,
    *,
    now: datetime = MONDAY,
    batch_size: int = 3,
    **chosen: object,
) -> Desk:
    """A desk as wiring builds it, with a clock that stands still and a transport that remembers."""
    usual: dict[str, object] = {
        "base_url": "http://localhost",
        "sender": "Test Letter <digest@example.org>",
        "postal_address": "1 Test Street",
        "editors": "editor@example.org",
    }
    settings = load(**(usual | chosen))
    window = window_from("mon 09:00", "UTC", timedelta(hours=6))
    signer = Signer(KeyRing.of(SECRET))
    letterhead = Letterhead("Test Letter", settings.sender, None, settings.base_url, signer)
    sender = Sender(
        database=database,
        transport=transport or MemoryTransport(),
        letterhead=letterhead,
        window=window,
        clock=lambda: now,
        timer=lambda: now,
        worker="test",
        lease=timedelta(minutes=10),
        hears=Answers(PEPPER, settings.streams).take_in,
    )
    press = press_for(settings)
    dispatch = Dispatch(
        database=database,
        sender=sender,
        reconciler=reconciler_for(settings, sender),
        mailroom=Mailroom(database, sender, press.brand, settings.editor_addresses, lambda: now),
        clock=lambda: now,
        batch_size=batch_size,
    )
    desk = Desk(
        database=database,
        press=press,
        inspector=inspector_for(settings, sender, press, lambda: router_of(service)),
        dispatch=dispatch,
        window=window,
        clock=lambda: now,
    )
    reception = Reception(database, lambda: now, limits_for(settings), SECRET, PEPPER)
    service = Service(
        settings,
        database,
        lambda: now,
        window,
        desk,
        signer,
        PEPPER,
        threading.Event(),
        reception,
        Fence(
            database,
            Memory(settings.data_dir / FILE),
            lambda: now,
            KeyRing.of(SECRET).fingerprints,
            PEPPER,
        ),
    )
    return desk


def refitted(desk: Desk, **changes: Any) -> Desk:
    """Give the same desk with changes to its dispatch; a sender is the mailroom's, too."""
    mailroom = desk.mailroom
    if "sender" in changes:
        mailroom = replace(mailroom, sender=changes["sender"])
    if "clock" in changes:
        mailroom = replace(mailroom, clock=changes["clock"])
        desk = replace(desk, clock=changes["clock"])
    return replace(desk, dispatch=replace(desk.dispatch, mailroom=mailroom, **changes))
