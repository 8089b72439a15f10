"""A catalogue as large as wanted, made of the sample comparisons: eight reviews each."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

from newsletter.content.catalogue.store import save
from newsletter.content.comparison import Comparison, Tool
from newsletter.content.pages.documents import Document
from newsletter.content.pages.reading import read
from newsletter.content.refusals import Refusal
from newsletter.content.sources import documents_from
from newsletter.service import Service
from newsletter.settings import load
from newsletter.wiring import build

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
REVIEWS = 8


def stocked_service(folder: Path, comparisons: int) -> Service:
    """Wire a service of its own on SQLite and store so many comparisons, the last ones newest."""
    wired = build(load(data_dir=folder, postal_address="1 Sample Street"), clock=lambda: NOW)
    with wired.database.writing() as session:
        for number, comparison in enumerate(_made(comparisons)):
            save(session, comparison, now=NOW - timedelta(days=comparisons - number))
    return wired


def _made(count: int) -> Iterator[Comparison]:
    samples = [one for one in _samples() if len(one.quotes) == REVIEWS]
    for number in range(count):
        sample = samples[number % len(samples)]
        tool_a, tool_b = _named(sample.tool_a, number), _named(sample.tool_b, number)
        yield replace(sample, tool_a=tool_a, tool_b=tool_b)


def sample_documents() -> Iterator[Document | Refusal]:
    """Give the pages of the sample comparisons, as an import reads them."""
    folder = str(files("newsletter.demo") / "comparisons")
    return documents_from([folder], stdin=sys.stdin.buffer)


def _samples() -> Iterator[Comparison]:
    for document in sample_documents():
        if isinstance(document, Document):
            yield from (one for one in read(document) if isinstance(one, Comparison))


def _named(tool: Tool, number: int) -> Tool:
    return replace(tool, slug=f"{tool.slug}-{number}", name=f"{tool.name} {number}")
