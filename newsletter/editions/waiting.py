"""What waits for readers: kept back by earlier issues, and brought by no letter since."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property

from sqlmodel import Session

from newsletter.editions import ledger
from newsletter.editions.choosing import MatchUp
from newsletter.editions.offering import Offers
from newsletter.editions.shelf import Shelf
from newsletter.issues.models import Issue


class Waiting:
    """What waits when an issue begins to leave; asked for many readers at once."""

    def __init__(self, session: Session, issue: Issue, offers: Offers, shelf: Shelf) -> None:
        """Take what it reads from."""
        self._session, self._issue, self._offers, self._shelf = session, issue, offers, shelf

    def of(self, subscribers: Collection[int]) -> Mapping[int, Collection[MatchUp]]:
        """Give what waits for readers (row ids), newest issue first; who has nothing is missing."""
        kept_back = ledger.kept_back(self._session, self._issue, subscribers)
        if not kept_back:
            return {}
        letters = ledger.letters(self._session, self._issue, kept_back.keys())
        return {
            reader: tuple(self._still(numbers, letters.get(reader, ())))
            for reader, numbers in kept_back.items()
        }

    def _still(self, numbers: Iterable[int], letters: Iterable[ledger.Letter]) -> Iterator[MatchUp]:
        """Give the match-ups of issues that no letter held and that can still be read."""
        had = {comparison for letter in letters for comparison in self._contents[letter]}
        for number in numbers:
            for match_up in self._offers.of(number):
                if match_up.id not in had and self._shelf.match_up(number, match_up.id):
                    yield match_up

    @cached_property
    def _contents(self) -> Mapping[ledger.Letter, Collection[int]]:
        return ledger.contents(self._session)
