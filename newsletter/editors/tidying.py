"""What is worth nothing any more is deleted; the log stays."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col

from newsletter.editors.models import EditorSession, SignInLink
from newsletter.notices.rows import forget_links

LINKS_FOR = timedelta(days=1)
"""So long a used link still says that it was used."""

SESSIONS_FOR = timedelta(days=30)
"""So long it can be seen where somebody was signed in."""


def forget_old(session: Session, now: datetime) -> None:
    """Delete links, requests for them, and sessions that ended long ago."""
    session.execute(delete(SignInLink).where(col(SignInLink.created_at) <= now - LINKS_FOR))
    forget_links(session, now - LINKS_FOR)
    session.execute(
        delete(EditorSession).where(col(EditorSession.created_at) <= now - SESSIONS_FOR)
    )
