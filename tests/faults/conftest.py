"""The stage for scenarios that are no cross of a kill and a provider's fault."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.faults import bench
from tests.faults.stage import Stage, stage


@pytest.fixture(scope="package", autouse=True)
def _the_log_is_given_back() -> Iterator[None]:
    """The bench keeps the log of its processes quiet; the tests after it want to hear it."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.fixture(scope="package")
def whole_stage(postgres_url: str) -> Iterator[Stage]:
    """One stage for all scenarios: each prepares it anew."""
    with bench.folder() as folder, stage(folder, postgres_url) as made:
        yield made


@pytest.fixture
def theatre(whole_stage: Stage, _no_settings_from_outside: None) -> Stage:
    """The stage, in surroundings without settings of a developer."""
    return whole_stage


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of database."""
    return str(request.param)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of the test's own."""
    return tmp_path
