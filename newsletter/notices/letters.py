"""What single letters there are, and what it takes to write one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from sqlmodel import Session

from newsletter.delivery.message import Mailing, Message

Written = tuple[Mailing, Message]
"""A letter to one reader, ready to be handed over."""

Beside = Callable[[Session], None]
"""Written down in the same transaction."""


CORRECTION = "correction"
"""Kind of a letter about a correction: it leaves in batches; see ``newsletter.correction_letters``."""


def nothing(_session: Session) -> None:
    """Write nothing down besides."""


class LetterKind(StrEnum):
    """What a reader is written to for, in a letter of their own."""

    CONFIRM = "confirm"
    SUBSCRIBED = "subscribed"
    MANAGE = "manage"
    GOODBYE = "goodbye"
    FEWER = "fewer"
    EXPORT = "export"
    ERASE = "erase"
    CHANGE_FROM = "change_from"
    CHANGE_TO = "change_to"


@dataclass(frozen=True, slots=True)
class Left:
    """A letter to one reader that was accepted.

    Attributes:
        kind: what it was about.
        mailing: as it was handed over.
        message: likewise; its values are the reader's links.
        provider_id: the transport's name for it.
        at: when it was accepted.
    """

    kind: LetterKind
    mailing: Mailing
    message: Message
    provider_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LinkOrder:
    """Somebody wants a link by which an editor signs in; see ``newsletter.editors.asking``.

    Attributes:
        whose: keyed hash of the address that was typed; hardly ever an editor's, if strangers type.
        name: names the letter for ever.
        back: the page of ours to which they want.
        asked_at: when; aware.
    """

    whose: str
    name: str
    back: str
    asked_at: datetime


class Letters(Protocol):
    """Writes the letters to readers, and makes the links of those to editors."""

    def write(
        self, session: Session, kind: LetterKind, public_id: str, name: str, now: datetime
    ) -> Written | None:
        """Write a letter to a reader; None when it is no longer right to send it.

        Args:
            session: for reading.
            kind: what it is about.
            public_id: the reader's.
            name: names this letter for ever.
            now: aware.
        """
        ...

    def testify(self, session: Session, public_id: str, left: "Left") -> None:
        """Keep the evidence of a letter that left, where its kind needs any.

        Args:
            session: the writing session in which its outcome is recorded.
            public_id: the reader's.
            left: the letter.
        """
        ...

    def decide_at(self, session: Session, issue_number: int, now: datetime) -> str:
        """Give the address of the page on which an editor decides about an issue.

        Args:
            session: for reading.
            issue_number: of the issue.
            now: aware.
        """
        ...

    def sign_in(self, session: Session, order: LinkOrder, now: datetime) -> Written | None:
        """Write the letter by which an editor signs in; None when nobody gets one.

        Args:
            session: a writing session; the link is kept in it.
            order: who asked.
            now: aware.
        """
        ...
