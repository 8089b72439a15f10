"""Where documents come from: files, folders, standard input, http(s) addresses."""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from newsletter.content.fetching import FetchFailed, fetch
from newsletter.content.pages.documents import Document
from newsletter.content.refusals import Refusal

STANDARD_INPUT = "-"
MOST_BYTES = 5 * 1024 * 1024


def documents_from(
    sources: Iterable[str], *, stdin: BinaryIO, fetcher: Callable[[str], Document] = fetch
) -> Iterator[Document | Refusal]:
    """Give the documents of each source in turn, and a refusal for what cannot be got.

    Args:
        sources: paths of files and folders (read with all below them, sorted), ``-``, addresses.
        stdin: what ``-`` stands for.
        fetcher: gets an address.
    """
    for source in sources:
        if source == STANDARD_INPUT:
            yield _capped(source, stdin)
        elif source.casefold().startswith(("http://", "https://")):
            yield _fetched(source, fetcher)
        else:
            yield from _from_path(Path(source))


def _fetched(address: str, fetcher: Callable[[str], Document]) -> Document | Refusal:
    try:
        return fetcher(address)
    except FetchFailed as error:
        return Refusal(address, str(error))


def _from_path(path: Path) -> Iterator[Document | Refusal]:
    if not path.exists():
        yield Refusal(str(path), "no such file or folder; check the path")
        return
    files = _files_below(path) if path.is_dir() else [path]
    if not files:
        yield Refusal(str(path), "the folder holds no files")
    for file in files:
        yield _from_file(file)


def _files_below(folder: Path) -> list[Path]:
    """Give all files below, sorted; hidden ones and links out of the folder are left alone."""
    found = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(parent, name) for name in names if not name.startswith(".")]
    return sorted(file for file in found if file.is_file())


def _from_file(path: Path) -> Document | Refusal:
    try:
        with path.open("rb") as file:
            return _capped(str(path), file)
    except OSError as error:
        return Refusal(str(path), f"cannot be read: {error.strerror}")


def _capped(source: str, stream: BinaryIO) -> Document | Refusal:
    content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        return Refusal(source, f"larger than {MOST_BYTES:,} bytes, so this is no comparison page")
    return Document(source, content)
