"""A Postmark whose lists can be compared with ours, empty before each test."""

from collections.abc import Iterator

import pytest

from newsletter.testing.postmark.process import LoopbackPostmark, running_postmark


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoopbackPostmark]:
    with running_postmark(tmp_path_factory.mktemp("postmark") / "log") as postmark:
        yield postmark


@pytest.fixture
def postmark(running: LoopbackPostmark) -> LoopbackPostmark:
    running.reset()
    return running
