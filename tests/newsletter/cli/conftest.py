"""The folder that commands find their data in."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def data(migrated_file: Path, tmp_path: Path) -> Path:
    """A data folder with empty tables, as any command leaves it; to migrate took most of a test."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    shutil.copy(migrated_file, folder / "newsletter.sqlite3")
    return folder
