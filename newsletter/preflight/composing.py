"""One message of an issue is composed as in a send, to be looked at and thrown away."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.parser import BytesHeaderParser

from newsletter.delivery.letterhead import Letterhead
from newsletter.delivery.message import Message
from newsletter.delivery.mime import Composer, UnsafeHeader
from newsletter.issues.models import Issue
from newsletter.rendering.personal import MissingValue, UnknownMark
from newsletter.rendering.rendered import Rendered

_NO_NUMBER_YET = 0


@dataclass(frozen=True, slots=True)
class Composed:
    """The headers as a mail program reads them, or why there are none."""

    headers: Mapping[str, str] = field(default_factory=dict)
    refusal: str | None = None


def compose(
    letterhead: Letterhead,
    issue: Issue,
    message: Message,
    now: datetime,
    *,
    edition: Rendered | None = None,
) -> Composed:
    """Compose a message of an issue, or of an edition of it, and read its headers from the bytes."""
    try:
        if edition is None:
            composer = Composer(letterhead.mailing(issue))
        else:
            composer = Composer(letterhead.mailing_of_edition(issue, _NO_NUMBER_YET, edition))
        composer.require_values([message])
        head = composer.compose(message, date=now).partition(b"\r\n\r\n")[0]
    except (UnsafeHeader, MissingValue, UnknownMark) as refused:
        return Composed(refusal=str(refused))
    read = BytesHeaderParser(policy=policy.default).parsebytes(head)
    return Composed({name: str(value) for name, value in read.items()})
