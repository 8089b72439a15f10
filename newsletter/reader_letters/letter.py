"""What makes a letter to a single reader: when it is right to send it, to whom, with which links."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from newsletter.notices.letters import Left, LetterKind
from subscribers.consent import Consent
from subscribers.models import Subscriber
from subscribers.tokens import Signer

IsRight = Callable[[Session, Subscriber, datetime], bool]
"""Asked when the letter leaves: a "no" that came since it was ordered wins."""

Tokens = Callable[[Signer, Session, Subscriber, datetime], Mapping[str, str]]
"""Makes the value of each mark."""

Evidence = Callable[[Left], Consent]
"""Says what a letter that left proves."""

AddressOf = Callable[[Session, Subscriber], str | None]


def own_address(_session: Session, reader: Subscriber) -> str | None:
    """Give the reader's address; None when it was erased."""
    return reader.email


@dataclass(frozen=True, slots=True)
class ReaderLetter:
    """One kind of letter to a single reader.

    Its words are in ``templates/email/<kind>``: subject.txt, body.txt and body.html. They say the
    same to everybody; nothing that a visitor typed is in them.

    Attributes:
        kind: also the name of the folder.
        marks: what each copy is filled with; ``tokens`` gives a value for each.
        is_right: whether it may still leave.
        tokens: makes the links.
        facts: what else the templates ask for.
        to: gives the address it goes to.
        evidence: what is kept of a letter that left; nothing as a rule.
    """

    kind: LetterKind
    marks: frozenset[str]
    is_right: IsRight
    tokens: Tokens
    facts: Mapping[str, Any] = field(default_factory=dict)
    to: AddressOf = own_address
    evidence: Evidence | None = None
