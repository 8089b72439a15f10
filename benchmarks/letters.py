"""A letter of the usual weight and copies of it, made without a catalogue and a database."""

from newsletter.delivery.message import Mailing, Message
from newsletter.rendering.personal import Marked, mark

_NONCE = "benchmark0nonce"
_BASE = "https://news.example/unsubscribe/"


def issue() -> Mailing:
    """Make an issue of 60 kB HTML and 8 kB text with nine personal places."""
    leave, address = mark(_NONCE, "unsubscribe"), mark(_NONCE, "email")
    story = '<td class="card">Fox &amp; Hound: “quick”, 81 % against 57 % – Лиса</td>\n'
    place = f'<a href="{_BASE}{leave}">leave</a> {address}\n'
    html = (story * 185 + place) * 4
    text = ("Fox and Hound: quick, 81 % against 57 %.\n" * 190) + f"{_BASE}{leave} {address}\n"
    known = frozenset({"unsubscribe", "email"})
    return Mailing(
        key="issue-1",
        sender="Weekly Verdict <digest@news.example>",
        subject="Fox or Hound?",
        html=Marked.split(html, _NONCE, known),
        text=Marked.split(text, _NONCE, known),
        headers=(
            ("List-Unsubscribe", Marked.split(f"<{_BASE}{leave}>", _NONCE, known)),
            ("List-Unsubscribe-Post", Marked.plain("List-Unsubscribe=One-Click")),
        ),
        tokens=frozenset({"unsubscribe"}),
    )


def message(number: int) -> Message:
    """Make one message with a token of usual length."""
    address = f"reader{number}@mail.example"
    token = f"{number:08d}.aZ09_-aZ09_-aZ09_-aZ09_-"
    return Message(
        f"1.{number:032x}", address, {"unsubscribe": token, "email": address}, f"{0:032x}"
    )
