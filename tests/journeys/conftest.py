"""What journeys of editors share: a desk whose address is known before it is served, and a browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.addresses import reserved_port
from tests.journeys.browser import chromium
from tests.journeys.commands import Operator


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    """Passkeys and mailed links are bound to an address: it is chosen before anything is served."""
    with reserved_port() as port:
        folder = tmp_path_factory.mktemp("desk") / "data"
        yield Operator(folder, BASE_URL=f"http://localhost:{port}")


@pytest.fixture(scope="module")
def site(operator: Operator) -> Iterator[str]:
    """The pages of the operator that a file of tests has made of the desk; nothing leaves from them."""
    url = operator.environment["NEWSLETTER_BASE_URL"]
    with operator.serving("--passive", "--port", url.rpartition(":")[2]):
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for a file of tests."""
    with chromium() as opened:
        yield opened
