"""A database whose owner's workers are alive is not taken from them by mistake."""

from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from newsletter import adopting
from newsletter.cli import app
from newsletter.database import Database
from newsletter.service import Service
from newsletter.settings import load
from newsletter.wiring import build
from tests.factories import MONDAY

KEY = "a key that all hosts of this test have"


def host(database: Database, folder: Path, instance: str | None = None, key: str = KEY) -> Service:
    folder.mkdir(exist_ok=True)
    settings = load(
        data_dir=folder,
        database_url=database.engine.url.render_as_string(hide_password=False),
        postal_address="1 Test Street",
        engine="workers",
        instance=instance,
        secret_key=key,
    )
    return build(settings, clock=lambda: MONDAY, database=database)


def a_worker_said(database: Database, seconds: int) -> None:
    with database.writing() as session:
        session.execute(
            text(
                "INSERT INTO procrastinate_workers (last_heartbeat)"
                " VALUES (now() - make_interval(secs => :seconds))"
            ),
            {"seconds": seconds},
        )


def test_a_host_that_does_not_know_the_name_is_told_first_how_hosts_share_a_database(
    queue, tmp_path
):
    host(queue, tmp_path / "one", "production")
    second = host(queue, tmp_path / "two")

    because = str(second.fence.may_send())

    assert because.index("NEWSLETTER_INSTANCE=production") < because.index("newsletter db adopt")


def test_it_does_not_adopt_while_workers_of_the_owner_give_signs_of_life(queue, tmp_path):
    first = host(queue, tmp_path / "one", "production")
    second = host(queue, tmp_path / "two")
    a_worker_said(queue, seconds=5)

    with pytest.raises(adopting.OwnerAlive, match="--take-over") as refused:
        adopting.adopt(second.desk, second.fence)

    assert "NEWSLETTER_INSTANCE=production" in str(refused.value)
    assert first.fence.may_send() is None
    adopting.adopt(second.desk, second.fence, take_over=True)
    assert second.fence.may_send() is None


def test_a_host_that_shares_it_with_another_key_does_not_put_that_in_place_of_theirs(
    queue, tmp_path
):
    first = host(queue, tmp_path / "one", "production")
    second = host(queue, tmp_path / "two", "production", "a key that only one of the hosts has")
    a_worker_said(queue, seconds=5)

    with pytest.raises(adopting.OwnerAlive, match="NEWSLETTER_SECRET_KEY"):
        adopting.adopt(second.desk, second.fence, without_old_key=True)

    assert first.fence.may_send() is None


def test_whoever_left_the_workers_of_this_host_running_is_told_to_stop_them(queue, tmp_path):
    """They are passive, and give signs of life all the same."""
    host(queue, tmp_path / "one", "production")
    second = host(queue, tmp_path / "two")
    a_worker_said(queue, seconds=5)

    with pytest.raises(adopting.OwnerAlive, match="this host's own: stop them first"):
        adopting.adopt(second.desk, second.fence)


def test_a_host_that_is_refused_has_no_key_afterwards_either(queue, tmp_path):
    host(queue, tmp_path / "one", "production")
    a_worker_said(queue, seconds=5)
    outside = {
        "NEWSLETTER_DATA_DIR": str(tmp_path / "two"),
        "NEWSLETTER_DATABASE_URL": queue.engine.url.render_as_string(hide_password=False),
        "NEWSLETTER_POSTAL_ADDRESS": "1 Test Street",
        "NEWSLETTER_LOG_LEVEL": "error",
    }

    refused = CliRunner().invoke(app, ["db", "adopt", "--without-old-key"], env=outside)

    assert refused.stderr.startswith("owner-alive: ")
    assert not list((tmp_path / "two").iterdir())


def test_workers_that_fell_silent_keep_nobody_from_adopting(queue, tmp_path):
    host(queue, tmp_path / "one", "production")
    second = host(queue, tmp_path / "two")
    a_worker_said(queue, seconds=120)

    adopting.adopt(second.desk, second.fence)

    assert second.fence.may_send() is None


def test_workers_of_this_host_keep_it_from_nothing(queue, tmp_path):
    """A dump that was put back under them is this installation's, and they are passive."""
    own = host(queue, tmp_path / "one", "production")
    own.fence.may_send()
    with queue.writing() as session:
        session.execute(text("UPDATE instances SET generation = -1"))
    a_worker_said(queue, seconds=5)

    adopting.adopt(own.desk, own.fence)

    assert own.fence.may_send() is None
