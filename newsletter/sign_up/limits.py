"""How much anybody may ask, and how many letters may leave for it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from newsletter.sign_up.budgets import Budget
from newsletter.sign_up.domains import LARGE, mailbox
from newsletter.sign_up.models import SignUpRequest
from newsletter.sign_up.places import hidden

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)

MAILBOX_DAILY = Budget("letters-mailbox-day", 1, _DAY, exact=True)
MAILBOX_MONTHLY = Budget("letters-mailbox-month", 3, 30 * _DAY, exact=True)
"""What one mailbox can be made to get by people who type its address, however they spell it: these
bend to no setting.

Like every budget they are used when a letter is ordered, not when it leaves: what an outage held up may
then leave together with the next one, and is not one letter more.
"""

POSTS = Budget("posts", 20_000, _HOUR)
"""Posts without proof that are kept in an hour; the queue cannot fill a disk."""

POSTS_OF_NETWORK = Budget("posts-network", 100, _HOUR)

_FULL_HOURS_A_DAY = 2
"""A company that hears of the newsletter fills an hour or two; what fills more is no company."""

EVERYBODY = "everybody"
"""The key of a budget that all share."""

LATER = _HOUR
"""How long an answer waits when something about a request is odd and nothing is proven."""

GIVEN_UP = _DAY
"""A request that found no room for so long is forgotten: its asker has long asked again."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The budgets of letters, as the settings say; see there.

    Attributes:
        total: letters to everybody.
        unproven: of these, letters to forms that brought no proof.
        network: letters to the addresses typed in one network.
        domain: letters to one domain, unless it is one of the large ones.
        domain_daily: the same in a day: all addresses of a domain may lead to one mailbox.
        unconfirmed: how long a request waits for its yes before it is deleted.
    """

    total: Budget
    unproven: Budget
    network: Budget
    domain: Budget
    domain_daily: Budget
    unconfirmed: timedelta

    def of_letter(self, request: SignUpRequest, pepper: bytes) -> Iterator[tuple[Budget, str]]:
        """Give the budgets that one letter uses, each with its key, the narrowest first."""
        yield from of_mailbox(request.email, pepper)
        if request.email.rpartition("@")[2] not in LARGE:
            yield self.domain, request.domain
            yield self.domain_daily, request.domain
        yield self.network, request.network
        if not request.proven:
            yield self.unproven, EVERYBODY
        yield self.total, EVERYBODY

    def is_shared(self, budget: Budget) -> bool:
        """Say whether a used-up budget is everybody's, and so a sign of an attack."""
        return budget in (self.total, self.unproven)


def of_mailbox(address: str, pepper: bytes) -> Iterator[tuple[Budget, str]]:
    """Give the budgets of the mailbox that an address leads to, each with its key.

    Args:
        address: valid, in any spelling.
        pepper: hides it.
    """
    key = hidden(pepper, "mailbox", mailbox(address.casefold()))
    yield MAILBOX_DAILY, key
    yield MAILBOX_MONTHLY, key


def limits(
    *,
    total: int,
    unproven: int,
    network: int,
    domain: int,
    unconfirmed: timedelta,
) -> Limits:
    """Put the numbers of the settings, each for one hour, into budgets."""
    return Limits(
        total=Budget("letters", total, _HOUR),
        unproven=Budget("letters-unproven", unproven, _HOUR),
        network=Budget("letters-network", network, _HOUR),
        domain=Budget("letters-domain", domain, _HOUR),
        domain_daily=Budget("letters-domain-day", _FULL_HOURS_A_DAY * domain, _DAY),
        unconfirmed=unconfirmed,
    )
