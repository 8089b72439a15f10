"""Whose letter somebody looks at, and the letter: worked out alike for the page and its frame."""

from dataclasses import dataclass

from fastapi import HTTPException
from sqlmodel import Session

from newsletter.editors.roles import Role, may
from newsletter.editors.sessions import Visit
from newsletter.errors import NewsletterError
from newsletter.issues import frozen
from newsletter.issues.models import Issue
from newsletter.preflight.samples import SAMPLE_ADDRESS
from newsletter.previews import copies, readers
from newsletter.previews.copies import Copy
from newsletter.previews.looks import Look
from newsletter.previews.readers import Gets
from newsletter.rendering.letter import archive_page
from newsletter.service import Service
from newsletter.web.editor.previewing.asked import Asked
from subscribers import queries
from subscribers.address import mask


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page and its frame show.

    Attributes:
        gets: what the person gets.
        copy: it, written; None when they get nothing.
        html: what the frame shows before anything is done to it; empty when there is nothing.
        who: whose letter it is, in words; empty for everybody's.
        zone: where they are; None for where the newsletter is.
    """

    gets: Gets
    copy: Copy | None
    html: str
    who: str = ""
    zone: str | None = None

    @property
    def text(self) -> str:
        """The plain text part."""
        return self.copy.text if self.copy else ""

    @property
    def source(self) -> str:
        """The whole message; its bytes are ASCII."""
        return self.copy.source.decode("ascii") if self.copy else ""


def seen(service: Service, visit: Visit, session: Session, issue: Issue, asked: Asked) -> Seen:
    """Work out what somebody gets, and write a copy of it.

    Raises:
        HTTPException: 404 for a reader who is not there, 503 for a letter that this release cannot
            read.
    """
    try:
        if asked.reader:
            return _of_reader(service, visit, session, issue, asked)
        gets = readers.by_wishes(session, issue, asked.wishes) if asked.wishes else Gets()
        copy = _copy(service, issue, gets, visit, locale=asked.locale)
        who = "somebody with these wishes" if asked.wishes else ""
        return Seen(gets, copy, _html(issue, asked, copy), who, asked.zone or None)
    except (NewsletterError, ValueError):
        raise HTTPException(503) from None


def _of_reader(
    service: Service, visit: Visit, session: Session, issue: Issue, asked: Asked
) -> Seen:
    """Work out a reader's letter; who is no editor sees nobody's address, in the letter neither."""
    reader = queries.by_public_id(session, asked.reader)
    if reader is None or not reader.email:
        raise HTTPException(404)
    sees_all = may(visit.role, Role.EDITOR)
    gets = readers.by_reader(session, issue, reader, visit.now)
    address = reader.email if sees_all else SAMPLE_ADDRESS
    copy = _copy(service, issue, gets, visit, address=address, locale=reader.locale)
    who = reader.email if sees_all else mask(reader.email)
    return Seen(gets, copy, _html(issue, asked, copy), who, reader.timezone)


def _copy(
    service: Service,
    issue: Issue,
    gets: Gets,
    visit: Visit,
    *,
    address: str = SAMPLE_ADDRESS,
    locale: str = "",
) -> Copy | None:
    if gets.none:
        return None
    letterhead = service.dispatch.sender.letterhead
    return copies.copy_for_nobody(
        letterhead, issue, gets.letter, now=visit.now, address=address, locale=locale
    )


def _html(issue: Issue, asked: Asked, copy: Copy | None) -> str:
    if asked.look is Look.ARCHIVE:
        return archive_page(frozen.view(issue))
    return copy.html if copy else ""
