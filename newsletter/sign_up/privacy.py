"""Which privacy notice somebody was shown: kept with every request and every yes."""

VERSION = "2026-11-21.2"
"""Whoever changes what ``templates/web/privacy.html`` says changes this too."""


def version(policy_url: str | None) -> str:
    """Name the notice that our pages show now.

    Args:
        policy_url: the publisher's own policy, to which the notice leads, if there is one.
    """
    return VERSION if policy_url is None else f"{VERSION}, {policy_url}"
