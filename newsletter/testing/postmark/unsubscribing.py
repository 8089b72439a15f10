"""Postmark's own unsubscribe handling: its link in the bodies, its headers instead of ours."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from newsletter.testing.postmark.mustachio import UNSUBSCRIBE_URL, with_unsubscribe_link

_PLACEHOLDER = re.compile(r"\{\{\{\s*pm:unsubscribe\s*\}\}\}")
_END = re.compile(r"</body>", re.IGNORECASE)
_OWNED = ("list-unsubscribe", "list-unsubscribe-post")


def handled(content: Mapping[str, Any]) -> dict[str, Any]:
    """Give HtmlBody, TextBody and Headers as they leave when Postmark handles unsubscribing."""
    html, text = content.get("HtmlBody") or "", content.get("TextBody") or ""
    return {
        "HtmlBody": with_unsubscribe_link(_with_html_link(html)),
        "TextBody": with_unsubscribe_link(_with_text_link(text)),
        "Headers": _headers(content.get("Headers") or []),
    }


def _with_html_link(html: str) -> str:
    if not html or _PLACEHOLDER.search(html):
        return html
    link = f'<p><a href="{escape(UNSUBSCRIBE_URL)}">Unsubscribe</a></p>'
    end = _END.search(html)
    return html + link if end is None else html[: end.start()] + link + html[end.start() :]


def _with_text_link(text: str) -> str:
    if not text or _PLACEHOLDER.search(text):
        return text
    return f"{text}\n\nUnsubscribe: {UNSUBSCRIBE_URL}\n"


def _headers(headers: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    kept = [header for header in headers if header["Name"].casefold() not in _OWNED]
    return [
        *kept,
        {"Name": "List-Unsubscribe", "Value": f"<{UNSUBSCRIBE_URL}>"},
        {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"},
    ]
