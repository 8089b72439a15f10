"""kill -9 at every named point of a send: nobody twice, nobody forgotten, doubt in plain sight."""

import re
import signal
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from newsletter.database import Database
from newsletter.delivery.models import Batch, BatchState, Delivery
from newsletter.testing.postmark.process import TOKEN, LoopbackPostmark, running_postmark
from tests.factories import MONDAY, add_subscribers, store_comparisons
from tests.journeys.commands import ROOT, Operator

POINTS = sorted(
    {
        point
        for file in (ROOT / "newsletter" / "delivery").glob("*.py")  # of a send itself
        for point in re.findall(r'faults\.point\("([^"]+)"\)', file.read_text())
    }
)
READERS = 7


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoopbackPostmark]:
    with running_postmark(tmp_path_factory.mktemp("postmark") / "log") as postmark:
        yield postmark


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_killed_at_any_point_sends_to_nobody_twice_and_forgets_nobody(
    database: Database, tmp_path: Path, provider: LoopbackPostmark, point: str
) -> None:
    provider.reset()
    operator = Operator(
        tmp_path / "data",
        DATABASE_URL=database.engine.url.render_as_string(hide_password=False),
        TRANSPORT="postmark",
        BASE_URL="https://news.example.org",
        FROM="Test Letter <digest@news.example.org>",
        POSTMARK_SERVER_TOKEN=TOKEN,
        POSTMARK_API_URL=provider.url,
        BATCH_SIZE="3",
    )
    with database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, READERS)
    operator.must("issue", "build")
    nth = 1 if point.startswith("settle") else 2  # which comes once, at the end

    killed = operator.run("issue", "send", fault=f"{point}:{nth}")
    end_leases(database)
    operator.run("issue", "send")

    copies = Counter(entry["To"] for entry in provider.accepted())
    states = delivery_states(database)
    assert killed.returncode == -signal.SIGKILL
    assert set(copies.values()) == {1}
    assert states["accepted"] + states["unknown"] == READERS
    assert READERS - len(copies) <= states["unknown"] <= 3


def end_leases(database: Database) -> None:
    """Let the worker have been silent for long."""
    with database.writing() as session:
        session.execute(
            update(Batch)
            .where(col(Batch.state) == BatchState.SENDING.value)
            .values(leased_until=MONDAY - timedelta(days=100))
        )


def delivery_states(database: Database) -> Counter[str]:
    with database.reading() as session:
        return Counter(session.execute(select(col(Delivery.state))).scalars())
