import os
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from newsletter import schema
from newsletter.cli import app
from newsletter.database import Database

PASSWORD = "hunter2"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "outer" / "data"
    monkeypatch.setenv("NEWSLETTER_DATA_DIR", str(folder))
    return folder


def run(*words: str, **settings: str) -> Result:
    env = {f"NEWSLETTER_{name}": value for name, value in settings.items()}
    return CliRunner().invoke(app, words, env=env)


def said(result: Result) -> str:
    """Give the one line that a refusal is."""
    assert isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    (line,) = result.stderr.splitlines()
    return line


@pytest.mark.parametrize("words", [("issue", "list"), ("db", "upgrade"), ("db", "check")])
@pytest.mark.parametrize(
    "url",
    [
        f"postgresql+pg8000://bob:{PASSWORD}@localhost/news",
        f"mysql://bob:{PASSWORD}@localhost/news",
        f"postgresql+psycopg://bob:{PASSWORD}@localhost:port/news",
        f"bob {PASSWORD}",
        f"sqlite://bob:{PASSWORD}@localhost/news",
    ],
)
def test_a_database_url_that_is_none_is_wrong_use(data, words, url):
    result = run(*words, DATABASE_URL=url)

    assert result.exit_code == 2
    assert said(result).startswith("invalid-settings: NEWSLETTER_DATABASE_URL: ")
    assert PASSWORD not in result.output


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql+psycopg://bob:{PASSWORD}@127.0.0.1:1/news",
        f"postgresql+psycopg://bob:x@{PASSWORD}@127.0.0.1:1/news",
        f"postgresql+psycopg://bob:x@127.0.0.1:1/news?sslmode={PASSWORD}",
        "sqlite:////nowhere/at/all.sqlite3",
    ],
)
def test_a_database_that_does_not_answer_is_one_line(data, url):
    result = run("db", "upgrade", DATABASE_URL=url)

    assert result.exit_code == 1
    assert said(result).startswith("database: ")
    assert "NEWSLETTER_DATABASE_URL" in result.stderr
    assert PASSWORD not in result.output


@pytest.mark.parametrize("words", [("issue", "list"), ("db", "upgrade"), ("db", "backup", "{}")])
def test_a_corrupt_file_is_one_line_and_is_not_copied(data, tmp_path, words):
    data.mkdir(parents=True)
    (data / "newsletter.sqlite3").write_bytes(os.urandom(5000))
    copy = tmp_path / "copy.sqlite3"

    result = run(*(word.format(copy) for word in words))

    assert result.exit_code == 1
    assert said(result).startswith("database: file is not a database")
    assert not copy.exists()


@pytest.mark.parametrize("words", [("issue", "list"), ("db", "upgrade"), ("db", "check")])
def test_a_data_folder_that_cannot_be_made_is_wrong_use(words):
    result = run(*words, DATA_DIR="/proc/nowhere")

    assert result.exit_code == 2
    assert "cannot make the folder" in said(result)


def test_the_schema_of_an_unknown_release_is_refused_with_what_to_do(data):
    run("db", "upgrade")
    database = Database(f"sqlite:///{data / 'newsletter.sqlite3'}")
    with database.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'zzz'")
    database.close()

    for words in (("issue", "list"), ("db", "upgrade")):
        result = run(*words)

        assert result.exit_code == 1
        assert said(result).startswith("stale-schema: the database is at revision zzz")
        assert schema.HEAD in result.stderr
        assert "db upgrade" not in result.stderr


def test_a_file_that_cannot_be_written_is_one_line(data):
    result = run("subscribers", "export", "/proc/nowhere/list.csv")

    assert result.exit_code == 1
    assert said(result).startswith("system: No such file or directory: /proc/nowhere")


def test_what_holds_addresses_or_keys_is_its_owners_alone(data, tmp_path):
    exported, copy = tmp_path / "list.csv", tmp_path / "copy.sqlite3"
    run("subscribers", "add", "ann@example.org", "--consent", "by phone")
    run("subscribers", "export", str(exported))
    run("db", "backup", str(copy))

    files = [exported, copy, data / "secret.key", data / "newsletter.sqlite3"]
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in files}
    assert set(modes.values()) == {0o600}, modes
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert stat.S_IMODE(data.parent.stat().st_mode) == 0o700
    assert not [path for path in data.iterdir() if path.name.startswith(".")]
