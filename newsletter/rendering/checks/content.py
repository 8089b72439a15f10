"""Rules about the choice: is there an issue at all, and is everything in it once."""

from collections import Counter
from collections.abc import Iterator

from newsletter.rendering.checks.finding import Finding, Rule
from newsletter.rendering.checks.letter import Letter


def empty_issue(letter: Letter) -> Iterator[Finding]:
    """An issue without a match-up is not worth a letter."""
    if not letter.view.match_ups:
        told = "There is no match-up in it; import comparisons and build it again."
        yield Finding("empty-issue", "block", told, "issue")


def item_twice(letter: Letter) -> Iterator[Finding]:
    """The same pair of slugs stands in the issue once."""
    for key, times in Counter(row.key for row in letter.view.match_ups).items():
        if times > 1:
            told = f"It stands in the issue {times} times; build it again."
            yield Finding("item-twice", "block", told, key)


def same_tool_twice(letter: Letter) -> Iterator[Finding]:
    """A tool that comes back was pinned by an editor: selection itself never repeats one."""
    rows = {row.key: row for row in letter.view.match_ups}.values()
    names = Counter(tool.name for row in rows for _, tool in row.tools)
    for name, times in names.items():
        if times > 1:
            told = f"It is in {times} match-ups; take a pin off if that is not meant."
            yield Finding("same-tool-twice", "note", told, name)


RULES: tuple[Rule, ...] = (empty_issue, item_twice, same_tool_twice)
