"""Where a template at Postmark finds the values of a reader: under keys that cost few bytes."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from newsletter.delivery.transports.postmark_mustachio import BRACES, LEAVING
from newsletter.errors import NewsletterError
from newsletter.rendering.personal import Marked

HTML = "h"
"""The group of the values that are escaped for HTML and look otherwise in text."""

_TAKEN = frozenset({HTML, *BRACES})
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class UnfitMark(NewsletterError):
    """A mark cannot be a Postmark placeholder: use letters, digits, underscores, and no name of ours."""

    code = "unfit-mark"


@dataclass(frozen=True, slots=True)
class Model:
    """The shape of a template model, which each reader's values are sent in.

    Attributes:
        plain: the key of each mark whose value is needed as it is.
        escaped: the key in the group of HTML of each mark whose value is needed escaped.
    """

    plain: Mapping[str, str]
    escaped: Mapping[str, str]

    @classmethod
    def of(cls, html: Marked, text: Marked, alike: frozenset[str] = frozenset()) -> "Model":
        """Make room for the marks of two parts, once for those whose values are alike in both.

        Raises:
            UnfitMark: when Postmark could not look up the name of a mark.
        """
        in_html, in_text = set(html.names) - {LEAVING}, set(text.names) - {LEAVING}
        keys = dict(_keys(in_html | in_text))
        return cls(
            plain={name: keys[name] for name in sorted(in_text | in_html & alike)},
            escaped={name: keys[name] for name in sorted(in_html - alike)},
        )

    @property
    def paths_in_html(self) -> dict[str, str]:
        """Say where the HTML part finds its values."""
        return dict(self.plain) | {name: f"{HTML}.{key}" for name, key in self.escaped.items()}

    def filled(self, plain: Callable[[str], str], escaped: Callable[[str], str]) -> dict[str, Any]:
        """Write the values of marks, given by two functions of their names, as a template model."""
        model: dict[str, Any] = {key: plain(name) for name, key in self.plain.items()}
        if self.escaped:
            model[HTML] = {key: escaped(name) for name, key in self.escaped.items()}
        return model


def _keys(names: set[str]) -> Iterator[tuple[str, str]]:
    """Give each name with the shortest beginning of it that no other name has."""
    for name in sorted(names):
        if not _NAME.fullmatch(name) or name in _TAKEN:
            raise UnfitMark(f"a personal mark named {name!r} cannot be a Postmark placeholder")
        others = (names | _TAKEN) - {name}
        beginnings = (name[:length] for length in range(1, len(name)))
        yield name, next((one for one in beginnings if not _begins(one, others)), name)


def _begins(beginning: str, names: set[str]) -> bool:
    return any(name.startswith(beginning) for name in names)
