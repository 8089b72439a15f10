"""A small mailing with marks in every place, and readers who each have their own values."""

from datetime import UTC, datetime
from uuid import uuid4

from newsletter.delivery.message import Mailing, Message
from newsletter.rendering.personal import Marked, mark

NONCE = "5d1e8f"
KNOWN = frozenset({"unsubscribe", "email"})
UNSUBSCRIBE, EMAIL = mark(NONCE, "unsubscribe"), mark(NONCE, "email")
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

TEXT = (
    f"Grüße, 世界 🦊\n.a line that begins with a dot\n.\nLeave: https://n.example/u/{UNSUBSCRIBE}\n"
)
HTML = (
    "<html><body><p>Grüße, 世界 🦊 &amp; “quotes”</p>\n"
    f'<a href="https://n.example/u/{UNSUBSCRIBE}">Leave</a><p>{EMAIL}</p></body></html>\n'
)


def at_monday():
    return MONDAY


def marked(text: str) -> Marked:
    return Marked.split(text, NONCE, KNOWN)


def digest(**changes: object) -> Mailing:
    fields: dict[str, object] = {
        "key": f"issue-{uuid4().hex[:8]}",
        "sender": "Wöchentliches Verdikt <digest@news.example>",
        "reply_to": "editors@news.example",
        "subject": "Kürbis gegen Möhre: “wer gewinnt?”",
        "text": marked(TEXT),
        "html": marked(HTML),
        "headers": (
            ("List-Unsubscribe", marked(f"<https://n.example/u/{UNSUBSCRIBE}>")),
            ("List-Unsubscribe-Post", Marked.plain("List-Unsubscribe=One-Click")),
        ),
    }
    return Mailing(**(fields | changes))  # type: ignore[arg-type]


def reader(name: str, **changes: object) -> Message:
    address = f"{name}@mail.example"
    fields: dict[str, object] = {
        "delivery_id": f"12.{name}",
        "to": address,
        "values": {"unsubscribe": token(name), "email": address},
        "attempt_id": "attempt",
    }
    return Message(**(fields | changes))  # type: ignore[arg-type]


def readers(count: int) -> list[Message]:
    group = uuid4().hex[:8]
    return [reader(f"r{number}-{group}") for number in range(count)]


def token(name: str) -> str:
    """Long enough to be mangled by a header folder, and different for everybody."""
    return f"{name}.{'T0k-n_' * 15}"
