"""Whether a host may send from a database: the rule, over what each side knows. Pure."""

from dataclasses import dataclass

_CURE = "see what would be sent with: newsletter db adopt --dry-run; go on here with: newsletter db adopt"


@dataclass(frozen=True, slots=True)
class Known:
    """What one side knows: the name of an installation, and how many issues began to leave."""

    name: str
    generation: int


def objection(database: Known | None, host: Known | None) -> str | None:
    """Say why a host must not send from a database; None when they belong together. Pure."""
    if database is None:
        if host is None or host.generation <= 0:
            return None
        return (
            f"this database is nobody's, but {host.generation} issues have left from another one "
            f"of this host; {_CURE}"
        )
    if host is None:
        return (
            f"this database belongs to installation {database.name}, which this host does not "
            f"know: it was copied or moved here; {_CURE}"
        )
    if host.name != database.name:
        return (
            f"this database belongs to installation {database.name}, this host to {host.name}; "
            f"{_CURE}"
        )
    if database.generation < max(host.generation, 0):
        return (
            "this database is a backup that was put back: what has left since it was made is not "
            f"known here; {_CURE}"
        )
    return None


def moved(origin: str | None, here: str | None) -> str | None:
    """Say why a host must not send from a table that is not where it was; None when it is. Pure."""
    pairs = zip((origin or "").split("/"), (here or "").split("/"), strict=False)
    if all(before == now for before, now in pairs if before and now):
        return None
    return (
        "this database was put back from a dump, or the server was replaced under it: what has left "
        f"since the dump was made is not known here; {_CURE}"
    )
