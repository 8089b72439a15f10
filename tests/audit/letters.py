"""What the checks are run over: one letter in every form in which it leaves."""

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from typing import Literal

Form = Literal["mail", "archive"]


@dataclass(frozen=True)
class Letter:
    """One issue as one reader gets it, and as everybody can read it.

    Attributes:
        name: which of the audited issues it is.
        raw: the whole message, as it lies in the outbox.
        archive: the HTML that the site serves for the issue.
        mjml: of which the HTML part was made; its personal marks are unfilled.
        compiled: the HTML that was made of it, its personal marks unfilled as well.
        cards: how many match-ups it shows in full.
        rows: how many it shows as one line.
        match_ups: how many there must be of both together.
        overflows: whether some must have become rows to stay inside the budget; None when they may.
    """

    name: str
    raw: bytes
    archive: str
    mjml: str
    compiled: str
    cards: int
    rows: int
    match_ups: int
    overflows: bool | None = False

    @cached_property
    def message(self) -> EmailMessage:
        """The message, parsed by the standard library."""
        return message_from_bytes(self.raw, policy=policy.default)

    @cached_property
    def html(self) -> str:
        """The HTML part, decoded; empty when there is none."""
        return self._part("html")

    @cached_property
    def text(self) -> str:
        """The text part, decoded; empty when there is none."""
        return self._part("plain")

    @property
    def pages(self) -> dict[Form, str]:
        """Both HTML forms by name."""
        return {"mail": self.html, "archive": self.archive}

    def _part(self, kind: Literal["html", "plain"]) -> str:
        part = self.message.get_body((kind,))
        content: str = "" if part is None else part.get_content()
        return content
