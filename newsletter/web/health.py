"""Is it alive, and can it work: two addresses for whoever watches the service."""

from fastapi import APIRouter, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from newsletter.database import Database
from newsletter.web.answers import READY, Health, Readiness
from newsletter.web.parts import Heart, HeartPart, ServicePart

router = APIRouter(tags=["health"])


@router.get("/healthz")
def alive() -> Health:
    """Say that the process answers."""
    return Health(status="ok")


@router.get("/readyz", responses=READY, response_model_exclude_none=True)
def ready(service: ServicePart, response: Response, heart: HeartPart) -> Readiness:
    """Say whether the database answers and the heart beats; 503 when one does not.

    Where nothing may be sent, in a copy of the database, the pages work all the same.
    """
    problem = _problem(service.database, heart)
    response.status_code = 503 if problem else 200
    return Readiness(status=problem or "ok", passive=None if problem else service.fence.objection())


def _problem(database: Database, heart: Heart | None) -> str | None:
    try:
        with database.reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return "database does not answer"
    return None if heart is None or heart.is_beating() else "the heartbeat has stopped"
