"""A small issue with every kind of trouble in it, and readers for it."""

from uuid import uuid4

from newsletter.delivery.message import Mailing, Message
from newsletter.rendering.personal import Marked, mark

NONCE = "7f3a9c0d"
UNSUBSCRIBE, EMAIL = mark(NONCE, "unsubscribe"), mark(NONCE, "email")

HTML = (
    "<html><head><style>@media screen{.a{color:red}}</style></head><body>"
    "<p>Пёс &amp; кот, “quoted”, 🦊, {{name}} {{#each}} {{{raw}}} {{!note}} }} {{</p>"
    f'<a href="https://news.example/u/{UNSUBSCRIBE}">Leave</a> {{{EMAIL}}}</body></html>'
)
TEXT = (
    "Hello, {{name}}! # 100 % 'single' \"double\" \\ 🦊 Пёс\n"
    f"https://news.example/u/{UNSUBSCRIBE}\n{{{EMAIL}}}\n"
)


def marked(text):
    return Marked.split(text, NONCE, frozenset({"unsubscribe", "email"}))


def digest(**changes):
    fields = {
        "key": "issue-7",
        "sender": "Weekly Verdict <digest@news.example>",
        "reply_to": "editors@news.example",
        "subject": "Fox {{ vs. }} Hound: “who” & why",
        "html": marked(HTML),
        "text": marked(TEXT),
        "headers": (
            ("List-Unsubscribe", marked(f"<https://news.example/u/{UNSUBSCRIBE}>")),
            ("List-Unsubscribe-Post", Marked.plain("List-Unsubscribe=One-Click")),
        ),
    }
    return Mailing(**fields | changes)


def notice():
    return digest(key="confirm", html=None, stream="transactional")


def reader(number, attempt="attempt", **changes):
    address = f"o'reader+{number}@mail.example"
    token = f"{number}.aZ09-_~&<>"
    fields = {
        "delivery_id": f"7.{number:032x}",
        "to": address,
        "values": {"unsubscribe": token, "email": address},
        "attempt_id": attempt,
    }
    return Message(**fields | changes)


def readers(count):
    """Readers of one attempt that no other test shares."""
    attempt = uuid4().hex
    return [reader(number, attempt) for number in range(count)]


def accepted_of(postmark, messages):
    """What the loopback Postmark logged for the attempt of these messages, in order."""
    attempt = messages[0].attempt_id
    return [row for row in postmark.accepted() if row["Metadata"]["batch-id"] == attempt]
