"""Whether a host may send with the secret keys it has: the rule, over fingerprints. Pure.

Links in letters are opened by whichever host serves the pages, and the oldest key hides the
addresses that are kept off the list: so the keys of all hosts have to be those of the database.
"""

Ring = tuple[str, ...]
"""The fingerprints of root secrets, newest first. The newest signs, the oldest hides addresses."""

GIVE_UP = "newsletter db adopt --without-old-key"

CURE = (
    "bring secret.key, or what NEWSLETTER_SECRET_KEY was, of the host before along; hosts that share "
    f"a database have the same NEWSLETTER_SECRET_KEY; if that key is lost: {GIVE_UP}"
)


def strange(database: Ring | None, host: Ring) -> str | None:
    """Say why a host must not send with its keys; None when it may. Pure.

    A new key comes to one host after the other. So a host may send that has the newest key of the
    database already, and one that still signs with a key that the database knows.

    Args:
        database: None where an earlier release wrote nothing down.
        host: the keys it was started with.
    """
    if database is None:
        return None
    if host[-1] == database[-1]:
        return None if database[0] in host or host[0] in database else _apart()
    if database[-1] in host:
        return (
            "the oldest secret key of the database is not the last one of this host, so it cannot "
            "recognise addresses that are kept off the list: put it last in NEWSLETTER_SECRET_KEY, "
            "new ones in front"
        )
    return (
        "this host does not have the secret key of the database: all links in its letters would be "
        f"dead, and it cannot recognise addresses that are kept off the list: {CURE}"
    )


def _apart() -> str:
    return (
        "this host signs with a secret key that the database does not know, and does not have the "
        f"newest that it knows: the links in its letters would be dead elsewhere: {CURE}"
    )


def brings(database: Ring | None, host: Ring) -> bool:
    """Say whether the keys of a host are to be those of the database from now on. Pure.

    They are when it has all that matters and another choice of the rest: a new one in front, or one
    between given up.
    """
    if database is None:
        return True
    return host != database and host[-1] == database[-1] and database[0] in host


def behind(database: Ring | None, host: Ring) -> str | None:
    """Say of a host that may send what is still missing of a change of keys; None if nothing. Pure."""
    if database is None or database[0] in host:
        return None
    return (
        "this host does not have the newest secret key of the database yet: links that other hosts "
        "signed with it are dead here; set the same NEWSLETTER_SECRET_KEY on all; if that key is "
        f"lost: {GIVE_UP}"
    )


def lost(database: Ring | None, host: Ring) -> str | None:
    """Say what goes for good with the keys that a host does not have; None if nothing. Pure."""
    goes = []
    if database and not set(database) <= set(host):
        goes.append("links in letters that were signed with the old key are dead")
    if database and database[-1] != host[-1]:
        goes.append(
            "addresses that were kept off the list and that nobody here has any more, say since they "
            "were erased, are not recognised when somebody adds or imports them again, but for those "
            "that the provider still keeps: newsletter subscribers sync"
        )
    return "; ".join(goes) or None
