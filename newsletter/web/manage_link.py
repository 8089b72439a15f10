"""The way to a fresh link: a page with one button, and the same answer to whoever presses it."""

from fastapi.responses import HTMLResponse

from newsletter.reader_letters.manage import ask_for_link
from newsletter.service import Service
from newsletter.web.parts import page

MAIL = "mail"
"""What the button says, where a form could say something else."""


def link_offered(service: Service, token: str) -> HTMLResponse:
    """Offer to mail a link; the page is the same whoever was written to."""
    return page(service, "manage_link.html", token=token, ended=False)


def link_ended(service: Service, token: str) -> HTMLResponse:
    """Say that a link was good for a day and is no more, and offer to mail a new one."""
    return page(service, "manage_link.html", status=410, token=token, ended=True)


def link_mailed(service: Service, public_id: str) -> HTMLResponse:
    """Mail a link, and say the same to everybody, whether or not there was somebody to write to."""
    with service.database.writing() as session:
        ask_for_link(session, public_id, pepper=service.pepper, now=service.clock())
    return page(service, "manage_mailed.html")
