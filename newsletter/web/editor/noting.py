"""What somebody who is signed in does is written into the log, in the transaction that does it."""

from sqlmodel import Session

from newsletter.editors import acts
from newsletter.editors.acts import Act, Actor
from newsletter.editors.sessions import Visit


def note(session: Session, visit: Visit, act: Act, subject: str, detail: str = "") -> None:
    """Write an act down; see ``newsletter.editors.acts``."""
    acts.note(session, Actor.of(visit.editor), act, subject, now=visit.now, detail=detail)
