"""Tools as people name them: one name however many slugs have it, found by a part of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from newsletter.content.catalogue.models import ToolRow
from newsletter.content.categories import group


@dataclass(frozen=True, slots=True)
class NamedTool:
    """What people take for one tool.

    Attributes:
        name: as the catalogue writes it, under its first slug.
        slugs: of all rows with this name in whatever case; those from addresses stand first.
        groups: of its categories, in order.
    """

    name: str
    slugs: tuple[str, ...]
    groups: tuple[str, ...] = ()


def named_tools(session: Session) -> list[NamedTool]:
    """Give all tools by their names, in order, by one statement."""
    named = (ToolRow.name, ToolRow.slug, ToolRow.category, ToolRow.provisional)
    rows = session.execute(select(*map(col, named))).all()
    groups = {category: group(category) for category in {row.category for row in rows}}
    namesakes = defaultdict(list)
    for name, slug, category, provisional in rows:
        # Folded here, for SQLite folds only the letters of English.
        namesakes[name.casefold()].append((provisional, slug, name, groups[category]))
    return [_named(sorted(alike)) for _, alike in sorted(namesakes.items())]


def topics(tools: Iterable[NamedTool]) -> list[str]:
    """Give the groups of categories that some tools have, in order."""
    return sorted({topic for tool in tools for topic in tool.groups}, key=str.casefold)


def found(tools: Iterable[NamedTool], words: str) -> list[NamedTool]:
    """Give the tools whose name holds some words; those that begin with them come first."""
    wanted = " ".join(words.casefold().split())
    if not wanted:
        return []
    holding = [tool for tool in tools if wanted in tool.name.casefold()]
    return sorted(holding, key=lambda tool: not tool.name.casefold().startswith(wanted))


def followed(tools: Iterable[NamedTool], slugs: Collection[str]) -> list[NamedTool]:
    """Give the tools that some slugs mean; a slug that nobody has any more stands for itself."""
    by_slug = by_slugs(tools)
    known = dict.fromkeys(by_slug[slug] for slug in slugs if slug in by_slug)
    unknown = [NamedTool(slug, (slug,)) for slug in slugs if slug not in by_slug]
    return sorted([*known, *unknown], key=lambda tool: tool.name.casefold())


def by_slugs(tools: Iterable[NamedTool]) -> Mapping[str, NamedTool]:
    """Give each tool under each of its slugs."""
    return {slug: tool for tool in tools for slug in tool.slugs}


def _named(alike: Sequence[tuple[bool, str, str, str | None]]) -> NamedTool:
    _, _, name, _ = alike[0]
    groups = {group for *_, group in alike if group}
    return NamedTool(name, tuple(slug for _, slug, _, _ in alike), tuple(sorted(groups)))
