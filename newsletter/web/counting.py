"""What was asked of this process, counted by the template of its address and never by the address."""

from prometheus_client import CollectorRegistry, Counter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_OTHER = "other"
_NOWHERE = "none"


class Counts:
    """The counters of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "newsletter_http_requests",
            "Requests that this process has answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )


class Counted:
    """Counts answers; what strangers make up, addresses and methods, becomes no label."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and count what comes of it; a failure is a 500."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 500

        async def heard(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, heard)
        finally:
            method = scope["method"] if scope["method"] in _METHODS else _OTHER
            route = getattr(scope.get("route"), "path", _NOWHERE)
            counts: Counts = scope["app"].state.counts
            counts.requests.labels(method, route, str(status)).inc()
