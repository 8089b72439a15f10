"""The root of this package's errors: each has a stable code and a sentence for an operator."""

from typing import ClassVar


class NewsletterError(Exception):
    """Something about the newsletter is wrong."""

    code: ClassVar[str] = "newsletter"

    def __init__(self, message: str | None = None) -> None:
        """Take the docstring as the sentence when none is given."""
        super().__init__(message or (type(self).__doc__ or "").strip())
