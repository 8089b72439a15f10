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
    return loopback


@pytest.fixture(params=["template", "batch"])
def handover(request):
    return request.param


@pytest.fixture
def endpoint(handover):
    return ENDPOINTS[handover]


@pytest.fixture
def transport(postmark, handover):
    transport = PostmarkTransport(TOKEN, api_url=postmark.url, handover=handover)
    yield transport
    transport.close()
