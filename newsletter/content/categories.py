"""Categories are free text on the site: three spellings of audio, four of models. Here they meet."""

import re

_ALIASES = {
    "Audio": ("audio", "audio & voice", "audio & speech", "voice & audio", "voice", "speech"),
    "Models": (
        "ai models", "models", "model", "open source models", "open models", "foundation models",
        "foundation model", "llms", "language models",
    ),
    "Design": ("design", "design & creative", "creative", "image & video", "video", "image"),
    "Developer Tools": ("developer tools", "dev tools", "developer tool", "coding", "code"),
    "Local AI": ("local ai", "local ai / distributed inference", "distributed inference"),
    "Hardware": ("hardware", "ai hardware"),
    "Research": ("research", "research & analysis"),
}  # fmt: skip
_ABBREVIATIONS = frozenset({"ai", "api", "llm", "ml", "ui"})
_GROUPS = {alias: group for group, aliases in _ALIASES.items() for alias in aliases}


def group(category: str | None) -> str | None:
    """Give the group of a category, for spreading and filtering; the raw text stays as it is.

    A category that is not in the table is a group of its own, whatever its case and blanks.
    """
    words = normalised(category or "")
    if not words:
        return None
    return _GROUPS.get(words) or " ".join(_capitalised(word) for word in words.split())


def normalised(category: str) -> str:
    """Fold case, blanks, and the word "and" for an ampersand."""
    words = " ".join(category.split()).casefold()
    return re.sub(r"\s*/\s*", " / ", re.sub(r"\s+and\s+", " & ", words))


def _capitalised(word: str) -> str:
    return word.upper() if word in _ABBREVIATIONS else word.capitalize()
