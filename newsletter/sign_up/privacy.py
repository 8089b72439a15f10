"""Which privacy notice somebody was shown: kept with every request and every yes."""

VERSION = "2026-11-21.2"
"""Whoever changes what ``templates/web/privacy.html`` says changes this too."""


_CLICKS = "with clicks"


def version(policy_url: str | None, *, tracks_clicks: bool = False) -> str:
    """Name the notice that our pages show now.

    Args:
        policy_url: the publisher's own policy, to which the notice leads, if there is one.
        tracks_clicks: whether it says that clicks are counted.
    """
    parts = (VERSION, _CLICKS if tracks_clicks else None, policy_url)
    return ", ".join(part for part in parts if part is not None)
