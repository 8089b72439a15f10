"""A call that was refused for the sake of one message, divided until that message is found."""

from collections.abc import Callable, Sequence
from typing import Any

from newsletter.delivery.message import NOT_TRIED, Message, Receipt
from newsletter.delivery.transports.postmark_answers import Answer, read_batch, refused_alone

MOST_CALLS = 24
"""After the refused one: enough to find two messages among 500."""

Post = Callable[[Sequence[Message]], Answer]
"""Makes one call for messages; NOT_TRIED is its trouble when there may be no other."""

Read = Callable[[Any, Sequence[Message]], list[Receipt]]
"""Makes the receipts of messages from the body of an answer."""


class Division:
    """The messages of one refused call.

    Nothing is sent twice: only what Postmark has refused for certain is part of a further call.

    Attributes:
        receipts: of each message, in order.
        complete: whether the way is free for further calls of the same mailing.
    """

    def __init__(
        self,
        messages: Sequence[Message],
        refusal: Receipt,
        post: Post,
        read: Read = read_batch,
        *,
        most_calls: int = MOST_CALLS,
    ) -> None:
        """Make the further calls.

        A message that is refused alone is rejected only when others were taken in the meantime:
        where nothing is taken, the fault is in what all messages share. Unless the search was cut
        short, which leaves open whose fault it is.

        Args:
            messages: of the refused call, two or more.
            refusal: the receipt of that call.
            post: makes a call.
            read: makes receipts of an answer.
            most_calls: after which the rest is not taken.
        """
        self._messages = messages
        self._post = post
        self._read = read
        self._answered: dict[int, Receipt] = {}
        self._spoilers: dict[int, Receipt] = {}
        self._taken = self._cut_short = False
        searched = self._search(most_calls)
        self.complete = searched and self._taken
        known = self._answered | (self._spoilers if self._taken else {})
        others = NOT_TRIED if self._taken or self._cut_short else refusal
        self.receipts = [known.get(place, others) for place in range(len(messages))]

    def _search(self, most_calls: int) -> bool:
        """Halve what is spoilt, then try in one call what waited beside it; say whether it ended.

        When the first half is taken, the spoiler is in the other one: no call has to prove it.
        """
        spoilt, waiting = list(range(len(self._messages))), list[int]()
        for _ in range(most_calls):
            if not spoilt and not waiting:
                return True
            if spoilt:
                middle = max(1, len(spoilt) // 2)
                part, after = spoilt[:middle], spoilt[middle:]
            else:
                part, after, waiting = waiting, [], []
            answer = self._post([self._messages[place] for place in part])
            self._cut_short = answer.trouble is NOT_TRIED
            if self._cut_short or not self._note(part, answer):
                return False
            if answer.trouble is None:
                spoilt = after
            else:
                spoilt, waiting = part if len(part) > 1 else [], after + waiting
        return not spoilt and not waiting

    def _note(self, part: Sequence[int], answer: Answer) -> bool:
        """Keep what an answer says about its messages; say whether there may be another call."""
        if answer.trouble is None:
            self._taken = True
            messages = [self._messages[place] for place in part]
            self._answered |= zip(part, self._read(answer.body, messages), strict=True)
        elif not answer.divisible:
            self._answered |= dict.fromkeys(part, answer.trouble)
        elif len(part) == 1:
            self._spoilers[part[0]] = refused_alone(answer.trouble)
        return answer.trouble is None or answer.divisible
