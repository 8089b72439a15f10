"""What an editor may do, as a declared table. Pure."""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """Each includes the one before it."""

    VIEWER = "viewer"
    EDITOR = "editor"
    OWNER = "owner"


MEANINGS: Mapping[Role, str] = {
    Role.VIEWER: "sees the week, the issues, readers with masked addresses and the log; changes nothing",
    Role.EDITOR: "makes the issue and helps readers, too",
    Role.OWNER: "also says who gets in, and imports, exports and erases readers",
}
"""For pages and commands."""

INCLUDED: Mapping[Role, frozenset[Role]] = {
    Role.VIEWER: frozenset({Role.VIEWER}),
    Role.EDITOR: frozenset({Role.VIEWER, Role.EDITOR}),
    Role.OWNER: frozenset({Role.VIEWER, Role.EDITOR, Role.OWNER}),
}
"""Which doors a role opens: those that ask for one of these."""


def may(role: Role, needed: Role) -> bool:
    """Say whether somebody of a role may do what another one is needed for."""
    return needed in INCLUDED[role]
