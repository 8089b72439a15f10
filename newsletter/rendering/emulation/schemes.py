"""The letter's own light or dark colours, whatever the reader's device prefers. Pure."""

import re
from typing import Literal

from newsletter.rendering.emulation.sheets import rewritten

Scheme = Literal["light", "dark"]

_PREFERRED = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)", re.IGNORECASE)
_ROOT = "<style>:root{{color-scheme:only {scheme}}}</style>"


def forced(html: str, scheme: Scheme) -> str:
    """Answer the question which colours are preferred, in every media condition."""

    def answered(condition: str) -> str | None:
        return _PREFERRED.sub(
            # A width that every window has, and one that none has: both can stand beside others.
            lambda asked: "(min-width:0)" if asked[1].lower() == scheme else "(max-width:0)",
            condition,
        )

    page = rewritten(html, media=answered)
    return page.replace("</head>", _ROOT.format(scheme=scheme) + "</head>", 1)
