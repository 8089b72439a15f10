"""Is it alive, and can it work: two addresses for whoever watches the service."""

from fastapi import APIRouter, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from newsletter.web.parts import ServicePart

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
def alive() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "ok"}


@router.get("/readyz")
def ready(service: ServicePart, response: Response) -> dict[str, str]:
    """Say whether the database answers too; 503 when it does not."""
    try:
        with service.database.reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        response.status_code = 503
        return {"status": "database does not answer"}
    return {"status": "ok"}
