"""Why something could not be read, as an error on the way up and as a value in the report."""

from dataclasses import dataclass
from typing import ClassVar

from newsletter.errors import NewsletterError


class Unreadable(NewsletterError):
    """This is not a comparison page, a tool page or comparison JSON; look at what was imported."""

    code: ClassVar[str] = "unreadable"

    def __init__(self, message: str | None = None, *, line: int | None = None) -> None:
        """Remember the 1-based line at which reading stopped, where there is one."""
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was not imported.

    Attributes:
        source: path, address or "-" it came from; a JSON item adds its path.
        reason: a sentence that says what is wrong and what to do.
        line: 1-based line of the text at which reading stopped, when that means something.
    """

    source: str
    reason: str
    line: int | None = None

    def __str__(self) -> str:
        """Give the reason with its line, as shown to the operator."""
        return self.reason if self.line is None else f"line {self.line}: {self.reason}"


def refused(source: str, error: Unreadable) -> Refusal:
    """Turn the error into the value that reports carry."""
    return Refusal(source, str(error), error.line)
