"""A loopback Postmark for each test module."""

import pytest

from newsletter.testing.postmark.process import running_postmark


@pytest.fixture(scope="module")
def loopback(tmp_path_factory):
    with running_postmark(tmp_path_factory.mktemp("postmark") / "log", keep_bodies=True) as running:
        yield running


@pytest.fixture
def postmark(loopback):
    loopback.plan()
    return loopback
