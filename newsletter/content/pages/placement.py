"""Where the two tools of a page begin: the line of each name, found by what the title says."""

from dataclasses import dataclass

from newsletter.content.pages.labels import ENTRY, PANEL, is_initial
from newsletter.content.pages.lines import Line
from newsletter.content.pages.title import Title
from newsletter.content.refusals import Unreadable


@dataclass(frozen=True, slots=True)
class Placement:
    """Both names, and the index of the line on which each block has it; None when not reached."""

    names: tuple[str, str]
    at_a: int | None
    at_b: int | None


def place_names(lines: list[Line], title: Title, *, whole: bool) -> Placement:
    """Decide the names and find them in the blocks.

    Args:
        lines: the page up to its footer.
        title: where it begins and how it can be split.
        whole: the page reached its footer, so its last line is not cut.

    Raises:
        Unreadable: the blocks are about other tools than the title, or the page was cut before
            a title with several "vs" could be split.
    """
    # The last line of a cut page may be the beginning of a longer line, so it decides nothing.
    sure = lines if whole else lines[:-1]
    placements = [_place(sure, title, names) for names in title.splits]
    begun = [found for found in placements if found.at_a is not None]
    both = [found for found in begun if found.at_b is not None]
    candidates = both or begun or placements
    if len(candidates) > 1:
        raise Unreadable(
            f"the title can be split in {len(title.splits)} ways and no block below decides "
            "which; import a fuller copy",
            line=title.line,
        )
    _check(sure, title, candidates[0])
    return candidates[0]


def _place(lines: list[Line], title: Title, names: tuple[str, str]) -> Placement:
    start = title.body + (title.body < len(lines) and is_initial(lines[title.body]))
    panels = _panels(lines, start)
    end_a = panels[0] if panels else len(lines)
    at_a = next((at for at in range(start, end_a) if lines[at].is_called(names[0])), None)
    at_b = _second(lines, names[1], after=at_a, panels=panels) if at_a is not None else None
    return Placement(names, at_a, at_b)


def _second(lines: list[Line], name: str, *, after: int, panels: list[int]) -> int | None:
    """Find the second block's name: behind the first block's labels, nearest to its own panel."""
    found = [at for at in range(after + 1, len(lines)) if lines[at].is_called(name)]
    if len(panels) > 1:
        inside = [at for at in found if at < panels[1]]
        return inside[-1] if inside else None
    if len(name) == 1:
        return None  # it cannot be told from the initial above its category
    entries = (at for at in range(after, len(lines)) if lines[at].folded == ENTRY)
    floor = next(entries, len(lines))
    behind = [at for at in found if at > floor]
    below_panel = [at for at in found if panels and at > panels[0]]
    return next(iter(behind or below_panel), None)


def _check(lines: list[Line], title: Title, placement: Placement) -> None:
    panels = _panels(lines, title.body)
    places = (placement.at_a, placement.at_b)
    for panel, place, name in zip(panels, places, placement.names, strict=False):
        if place is None:
            raise Unreadable(
                f"the block ending here is not about “{name}”, which the title on line "
                f"{title.line} names in this place; correct the title or the block",
                line=lines[panel].number,
            )


def _panels(lines: list[Line], start: int) -> list[int]:
    return [at for at in range(start, len(lines)) if lines[at].folded == PANEL]
