"""What stands before every door: headers for each kind of page, and who may post to it.

Plain ASGI: a middleware of the comfortable kind turns what happens while a body is read into
groups of errors that nothing recognises.
"""

from datetime import timedelta
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PRIVATE = (
    "/unsubscribe/",
    "/vote/",
    "/manage/",
    "/confirm/",
    "/never/",
    "/undo/",
    "/export/",
    "/erase/",
    "/address/",
    "/decide/",
    "/editor/",
)
"""Pages whose address holds a token, and all below the editors': never stored, never indexed."""

EDITORS = "/editor"
"""The first of the editors' pages. There a cookie is the authority, so nothing unclear is believed."""

ASKING = ("/subscribe", "/subscription/form", "/api/public/subscription")
"""Where forms of any page ask for the newsletter; the second and third are listmonk's."""

FROM_ANYWHERE = ("/unsubscribe/", "/webhooks/", "/api/", *ASKING)
"""Mailbox providers unsubscribe and programs push: there the token is the whole authority. Any
page may hold a form for asking: there the mailbox is asked, and budgets stand before it. A name
that ends in a slash means all below it."""

_SAFE = ("GET", "HEAD", "OPTIONS")

_WITH_FORM = ("/", *ASKING)
"""Pages with the sign-up form, which a script of ours helps, as another one does on the editors'."""

_HTTPS_ONLY = f"max-age={timedelta(days=365) // timedelta(seconds=1)}"

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_POLICY = (
    "default-src 'none'; style-src {styles}; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def security_headers(path: str) -> dict[str, str]:
    """Give the headers for a page by its path.

    An issue in the archive is a letter and keeps its inline styles; every other page takes its
    style from one file.
    """
    styles = "'unsafe-inline'" if path.startswith("/archive/") else "'self'"
    policy = _POLICY.format(styles=styles)
    if path in _WITH_FORM or is_editors(path):
        policy += "; script-src 'self'; connect-src 'self'"
    headers = {**_ALWAYS, "Content-Security-Policy": policy}
    if path.startswith(PRIVATE):
        headers |= {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
    return headers


def from_our_own_page(request: Request) -> None:
    """Refuse a form that another site's page has sent; every address is held to this.

    Browsers say where a request comes from (Fetch Metadata), older ones only in ``Origin``. Who
    says nothing is no browser, and so cannot be one that is misled. Our pages hide their address
    from everybody, and with it their origin: "null" is what their own forms say then, which is
    believed only where the token in the address decides anyway, and so never on the editors' pages.

    Raises:
        HTTPException: 403.
    """
    path, headers = request.scope["path"], request.headers
    if request.method in _SAFE or _is_named(path, FROM_ANYWHERE):
        return
    if site := headers.get("sec-fetch-site"):
        ours = site in ("same-origin", "none")
    else:
        ours = _is_ours(headers.get("origin"), request)
    if not ours:
        raise HTTPException(403)


def is_editors(path: str) -> bool:
    """Say whether a page is for those who make the issue."""
    return path == EDITORS or path.startswith(f"{EDITORS}/")


def _is_named(path: str, names: tuple[str, ...]) -> bool:
    return any(path.startswith(name) if name.endswith("/") else path == name for name in names)


def _is_ours(origin: str | None, request: Request) -> bool:
    if origin is None:
        return True
    path: str = request.scope["path"]
    if origin == "null":
        return path.startswith(PRIVATE) and not is_editors(path)
    base_url: str = request.app.state.service.settings.base_url
    host = origin.rpartition("://")[2]
    return host in (request.headers.get("host"), urlsplit(base_url).netloc)


def complete(headers: MutableHeaders, scope: Scope) -> None:
    """Add the headers of a page that an answer has not set itself.

    What does not say that it may be kept may not: a form has a stamp of its own, and what is not
    there today may be there tomorrow.
    """
    for name, value in security_headers(scope["path"]).items():
        headers.setdefault(name, value)
    headers.setdefault("Cache-Control", "no-store")
    if scope["app"].state.service.settings.base_url.startswith("https:"):
        headers.setdefault("Strict-Transport-Security", _HTTPS_ONLY)


class SecurityHeaders:
    """Adds to every answer the headers of its page that it has not set itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and complete the head of what comes back."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                complete(MutableHeaders(scope=message), scope)
            await send(message)

        await self.app(scope, receive, send_with_headers)


class HeadLikeGet:
    """Answers HEAD like GET, without the body: for every page there is and will be.

    The answer is over before the body begins: for the end of a stream nobody waits.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask as GET, and keep what is in the answer back."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        is_over = False

        async def send_head(message: Message) -> None:
            nonlocal is_over
            if message["type"] != "http.response.body":
                await send(message)
            elif not is_over:
                is_over = True
                await send({"type": "http.response.body", "body": b""})

        await self.app({**scope, "method": "GET"}, receive, send_head)
