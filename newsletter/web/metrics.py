"""Figures for whoever watches the service: counts only, so no address and no token can be in them."""

from collections.abc import Iterator
from importlib.metadata import version
from ipaddress import ip_address

from fastapi import APIRouter, HTTPException, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector
from sqlmodel import Session

from newsletter.delivery import books
from newsletter.delivery.models import DeliveryState
from newsletter.issues import store
from newsletter.notices import rows as notice_rows
from newsletter.service import Service
from newsletter.sign_up import queue
from newsletter.web.bearer import ASK_FOR_IT, REFUSAL, Shown, shows_the_token
from newsletter.web.counting import Counts
from newsletter.web.parts import Heart, HeartPart, ServicePart
from subscribers import queries

router = APIRouter(include_in_schema=False)

ISSUES = 3
"""The latest so many have their deliveries counted."""

_PASSED_ON = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


@router.get("/metrics")
def metrics(service: ServicePart, request: Request, heart: HeartPart, shown: Shown) -> Response:
    """Give the figures in Prometheus' text form, to this machine or to whoever has the API token."""
    if not (_is_from_here(request) or shows_the_token(service, shown)):
        if service.settings.api_token is None:
            raise HTTPException(404)
        raise HTTPException(401, REFUSAL, ASK_FOR_IT)
    figures = generate_latest(_Figures(service, request.app.state.counts, heart))
    return Response(figures, media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _is_from_here(request: Request) -> bool:
    """Say whether this machine asks for itself; a proxy on it passes on what others ask."""
    if request.client is None or any(name in request.headers for name in _PASSED_ON):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


class _Figures(Collector):
    """Counted when they are asked for."""

    def __init__(self, service: Service, counts: Counts, heart: Heart | None) -> None:
        self._service = service
        self._counts = counts
        self._heart = heart

    def collect(self) -> Iterator[Metric]:
        """Count everything."""
        yield InfoMetricFamily(
            "newsletter", "What is running.", {"version": version("weekly-verdict")}
        )
        with self._service.database.reading() as session:
            yield _subscribers(session)
            yield _deliveries(session)
            yield _one(
                "newsletter_sign_up_requests_waiting",
                "Addresses that were typed into forms and not answered yet.",
                queue.count(session),
            )
            yield _one(
                "newsletter_notices_waiting",
                "Single letters, to readers and editors, that have not left yet.",
                notice_rows.waiting(session),
            )
        if self._heart is not None:
            yield _one(
                "newsletter_heartbeat_silence_seconds",
                "Seconds since the heartbeat last gave a sign of life.",
                self._heart.silence().total_seconds(),
            )
        yield from self._counts.registry.collect()


def _subscribers(session: Session) -> Metric:
    found = GaugeMetricFamily("newsletter_subscribers", "People, by state.", labels=["state"])
    for state, count in queries.counts(session).items():
        found.add_metric([state.value], count)
    return found


def _deliveries(session: Session) -> Metric:
    found = GaugeMetricFamily(
        "newsletter_deliveries", "Copies of the latest issues, by state.", labels=["issue", "state"]
    )
    for number in store.published_numbers(session, ISSUES):
        counted = books.balance(session, number, None)
        for state in DeliveryState:
            found.add_metric([str(number), state.value], counted.count(state))
    return found


def _one(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value)
