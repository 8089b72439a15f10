"""Is it alive, and can it work: two addresses for whoever watches the service."""

from fastapi import APIRouter, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from newsletter.database import Database
from newsletter.web.parts import BeatingPart, ServicePart

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
def alive() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "ok"}


@router.get("/readyz")
def ready(service: ServicePart, response: Response, *, beating: BeatingPart) -> dict[str, str]:
    """Say whether the database answers and the heart beats; 503 when one does not."""
    problem = _problem(service.database, beating=beating)
    response.status_code = 503 if problem else 200
    return {"status": problem or "ok"}


def _problem(database: Database, *, beating: bool) -> str | None:
    try:
        with database.reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return "database does not answer"
    return None if beating else "the heartbeat has stopped"
