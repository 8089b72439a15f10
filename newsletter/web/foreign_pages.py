"""Scripts on other people's pages: they may ask for the newsletter, and nothing else."""

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from newsletter.web.guard import ASKING


class ForeignPages:
    """Lets a script of any page post to where anybody may ask, and read the answer.

    It is the same for everybody, no cookie is sent with it, and what a form there can do without a
    script, it does anyway.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.shared = CORSMiddleware(
            app, allow_origins=["*"], allow_methods=["POST"], allow_headers=["content-type"]
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, through the door for foreign pages where there is one."""
        is_asked = scope["type"] == "http" and scope["path"] in ASKING
        asks = is_asked and scope["method"] in ("POST", "OPTIONS")
        await (self.shared if asks else self.app)(scope, receive, send)
