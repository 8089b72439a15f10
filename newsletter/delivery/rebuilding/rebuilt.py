"""What asking the provider for all copies of an issue came to, in numbers and in sentences. Pure."""

from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import datetime

from newsletter.errors import NewsletterError

NO_RECORD = "the transport of these settings keeps no record that could be asked"
UNNAMED = "the provider does not tell now which account this is"
ELSEWHERE = "copies were handed to another transport or account than the settings name"
AS_JOBS = "what the provider takes in bulk may leave much later, and is not in its search before"
FORGOTTEN = "the issue began so long ago that the provider may have forgotten copies"
NO_ANSWER = "the provider's search did not give a whole answer; ask again later"
NO_FENCE = "the search does not show a message of just now yet; ask again in a minute"
UNSTEADY = "two looks at the search did not show the same; ask again later"


def too_early(believed: datetime) -> str:
    """Say until when the search is given time to show what left before the issue was stopped."""
    return (
        f"the search still has time to catch up; ask again after {believed:%Y-%m-%d %H:%M:%S} UTC"
    )


UNSEEN = "unseen: whoever has a copy that these books do not know, and is still queued, gets a second one"
"""What it means to go on all the same."""


class NotRebuilt(NewsletterError):
    """It is not sure which readers of the issue have their copy already."""

    code = "not-rebuilt"


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of some copies that a provider showed.

    Attributes:
        known: how many it showed.
        new: how many readers' copies the books did not have for accepted.
        joined: how many of these readers were not in the audience.
        unknown: copies of nobody who is in this database.
        doubled: readers for whom it shows a second letter.
    """

    known: int = 0
    new: int = 0
    joined: int = 0
    unknown: int = 0
    doubled: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Add what came of others."""
        return Tally(*map(sum, zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What is known of an issue after its provider was asked.

    Attributes:
        number: of the issue.
        tally: what the provider showed.
        queued: copies that are still to be sent.
        because: why that may not be all; None when it is.
        rehearsed: nothing was written down.
    """

    number: int
    tally: Tally
    queued: int
    because: str | None = None
    rehearsed: bool = False

    def require(self) -> None:
        """Refuse to go on where copies may be missing.

        Raises:
            NotRebuilt: saying why, what to do, and by which word it goes on all the same.
        """
        if self.because is not None:
            raise NotRebuilt(
                f"the books of issue {self.number} were behind, and {self.because}. Then: newsletter "
                f"issue resume {self.number}. With --unseen it goes on without: readers who have a "
                "copy that these books do not know get a second one"
            )

    def lines(self) -> Iterator[str]:
        """Say it in lines."""
        tally, are = self.tally, "would be" if self.rehearsed else "were"
        yield f"the provider knows {tally.known} copies of issue {self.number}"
        yield f"{tally.new} {are} new to these books, {tally.joined} of them of readers who joined"
        if tally.unknown:
            yield f"{tally.unknown} belong to nobody in this database"
        if tally.doubled:
            yield f"{tally.doubled} readers have two; see: newsletter issue report {self.number}"
        yield f"{self.queued} left queued" + (", before that" if self.rehearsed else "")
        yield f"not complete: {self.because}" if self.because else "complete"
