"""One thing that editors are told."""

from collections.abc import Sequence
from typing import NamedTuple


class Occasion(NamedTuple):
    """One thing that editors are told.

    Attributes:
        key: whoever was told this key is not told again.
        title: what happened; the subject of the notice.
        paragraphs: what it means.
        commands: what to type next.
        decides: number of the issue whose copies in doubt its reader may decide about by a link.
    """

    key: str
    title: str
    paragraphs: Sequence[str]
    commands: Sequence[str]
    decides: int | None = None


def copies_of(count: int) -> str:
    """Write a number of copies."""
    return "1 copy" if count == 1 else f"{count} copies"
