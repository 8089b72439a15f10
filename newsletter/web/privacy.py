"""What is kept about a reader, why and how long: said to everybody, before anybody signs up."""

from email.utils import parseaddr

from fastapi import APIRouter, Request, Response

from newsletter.service import Service
from newsletter.sign_up.budgets import LONGEST
from newsletter.sign_up.limits import GIVEN_UP
from newsletter.sign_up.privacy import version
from newsletter.web.parts import ServicePart, lasting_page

router = APIRouter(include_in_schema=False)


@router.get("/privacy")
def privacy(service: ServicePart, request: Request) -> Response:
    """Say it, with the numbers that are in force."""
    settings, limits = service.settings, service.reception.limits
    _, contact = parseaddr(settings.reply_to or settings.sender)
    return lasting_page(
        request,
        service,
        "privacy.html",
        version=shown_notice(service),
        contact=contact,
        policy_url=settings.privacy_url,
        unanswered_hours=round(GIVEN_UP.total_seconds() / 3600),
        unconfirmed_days=f"{limits.unconfirmed.total_seconds() / 86400:g}",
        counted_days=LONGEST.days,
        event_days=settings.event_days,
        tracks_clicks=settings.track_clicks,
    )


def shown_notice(service: Service) -> str:
    """Name the notice that this service shows now, for the evidence of a yes."""
    settings = service.settings
    return version(settings.privacy_url, tracks_clicks=settings.track_clicks)
