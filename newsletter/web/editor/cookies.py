"""The cookie that holds the secret of a session: no script reads it, and no other host sets it."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from fastapi import Request, Response

from newsletter.editors.sessions import LONGEST
from newsletter.errors import NewsletterError
from newsletter.service import Service

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class NeedsHttps(NewsletterError):
    """Nobody can sign in over plain http: run behind https and set NEWSLETTER_BASE_URL."""

    code = "needs-https"


@dataclass(frozen=True, slots=True)
class Cookie:
    """How the cookie is called, and whether it travels over https only.

    A name that begins with ``__Host-`` is one that browsers take from this very host, over https and
    for all its paths only; a neighbour on another subdomain cannot put one of its own in its place.
    """

    name: str
    secure: bool

    def token(self, request: Request) -> str | None:
        """Read the secret that a browser brings."""
        return request.cookies.get(self.name)

    def put(self, answer: Response, token: str) -> None:
        """Hand a secret out."""
        answer.set_cookie(
            self.name,
            token,
            max_age=LONGEST // timedelta(seconds=1),
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )

    def take(self, answer: Response) -> None:
        """Have the browser forget it."""
        answer.delete_cookie(self.name, secure=self.secure, httponly=True, samesite="lax")


def cookie_of(service: Service) -> Cookie | None:
    """Give the cookie of a service; None where it would travel in the open."""
    base = urlsplit(service.settings.base_url)
    if base.scheme == "https":
        return Cookie("__Host-editor", secure=True)
    return Cookie("editor", secure=False) if base.hostname in _LOOPBACK else None


def require_cookie(service: Service) -> Cookie:
    """Give the cookie of a service.

    Raises:
        NeedsHttps: where it would travel in the open.
    """
    cookie = cookie_of(service)
    if cookie is None:
        raise NeedsHttps
    return cookie
