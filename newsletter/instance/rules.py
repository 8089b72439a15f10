"""Whether a host may send from a database: the rule, over what each side knows. Pure."""

from dataclasses import dataclass

_CURE = "see what would be sent with: newsletter db adopt --dry-run; go on here with: newsletter db adopt"


@dataclass(frozen=True, slots=True)
class Known:
    """What one side knows: the name of an installation, and how far it had come."""

    name: str
    generation: int


def objection(database: Known | None, host: Known | None, *, is_shared: bool = False) -> str | None:
    """Say why a host must not send from a database; None when they belong together. Pure.

    Args:
        database: None when it is nobody's yet.
        host: None when it remembers nothing.
        is_shared: whether the owner may be another host that is at work on the same database.
    """
    if database is None:
        if host is None or host.generation <= 0:
            return None
        return (
            "this database is nobody's, but letters have left from another one of this host; "
            f"{_CURE}"
        )
    # the likelier cause goes first: there, adopting would do harm
    sharing = f"{share(database)}; if not, " if is_shared else ""
    if host is None:
        return (
            f"this database belongs to installation {database.name}, which this host does not "
            f"know: {sharing}it was copied or moved here; {_CURE}"
        )
    if host.name != database.name:
        return (
            f"this database belongs to installation {database.name}, this host to {host.name}: "
            f"{sharing}{_CURE}"
        )
    if database.generation < max(host.generation, 0):
        return (
            "this database is a backup that was put back: what has left since it was made is not "
            f"known here; {_CURE}"
        )
    return None


def is_anothers(database: Known | None, host: Known | None) -> bool:
    """Say whether a database belongs to another installation than a host. Pure."""
    return database is not None and (host is None or host.name != database.name)


def share(database: Known) -> str:
    """Say how hosts share a database. Pure."""
    return (
        f"if another host shares this database, set NEWSLETTER_INSTANCE={database.name} on both, "
        "and do not adopt it"
    )


def moved(origin: str | None, here: str | None) -> str | None:
    """Say why a host must not send from a table that is not where it was; None when it is. Pure."""
    pairs = zip((origin or "").split("/"), (here or "").split("/"), strict=False)
    if all(before == now for before, now in pairs if before and now):
        return None
    return (
        "this database was put back from a dump, or the server was replaced under it: what has left "
        f"since the dump was made is not known here; {_CURE}"
    )
