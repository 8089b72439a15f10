"""A loopback Postmark in a process of its own, and a transport for each handover."""

import pytest

from newsletter.delivery.transports.postmark import PostmarkTransport
from newsletter.testing.postmark.process import TOKEN, running_postmark

ENDPOINTS = {"template": "/email/batchWithTemplates", "batch": "/email/batch"}


@pytest.fixture(scope="session")
def loopback(tmp_path_factory):
    with running_postmark(tmp_path_factory.mktemp("postmark") / "log", keep_bodies=True) as running:
        yield running


@pytest.fixture
def postmark(loopback):
    loopback.plan()
    loopback.index()
    loopback.account()
    loopback.bulk()
    return loopback


@pytest.fixture(params=["template", "batch"])
def handover(request):
    return request.param


@pytest.fixture
def endpoint(handover):
    return ENDPOINTS[handover]


@pytest.fixture
def transport(postmark, handover):
    yield from sending_by(postmark, handover)


@pytest.fixture(params=["template", "batch", "bulk"])
def any_transport(postmark, request):
    """Each way to hand over; by the third one nothing is accepted before it is searched for."""
    yield from sending_by(postmark, request.param)


def sending_by(postmark, handover, **settings):
    transport = PostmarkTransport(TOKEN, api_url=postmark.url, handover=handover, **settings)
    yield transport
    transport.close()
