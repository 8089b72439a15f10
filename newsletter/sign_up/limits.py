"""How much anybody may ask, and how many letters may leave for it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from newsletter.sign_up.budgets import Budget
from newsletter.sign_up.domains import LARGE
from newsletter.sign_up.models import SignUpRequest

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)

ADDRESS_DAILY = Budget("letters-address-day", 1, _DAY, exact=True)
ADDRESS_MONTHLY = Budget("letters-address-month", 3, 30 * _DAY, exact=True)
"""What one mailbox can be made to get by people who type its address: these bend to no setting."""

POSTS = Budget("posts", 20_000, _HOUR)
"""Posts without proof that are kept in an hour; the queue cannot fill a disk."""

POSTS_OF_NETWORK = Budget("posts-network", 100, _HOUR)

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
        unconfirmed: how long a request waits for its yes before it is deleted.
    """

    total: Budget
    unproven: Budget
    network: Budget
    domain: Budget
    unconfirmed: timedelta

    def of_letter(self, request: SignUpRequest) -> Iterator[tuple[Budget, str]]:
        """Give the budgets that one letter uses, each with its key, the narrowest first."""
        yield ADDRESS_DAILY, request.address_hash
        yield ADDRESS_MONTHLY, request.address_hash
        if request.email.rpartition("@")[2] not in LARGE:
            yield self.domain, request.domain
        yield self.network, request.network
        if not request.proven:
            yield self.unproven, EVERYBODY
        yield self.total, EVERYBODY

    def is_shared(self, budget: Budget) -> bool:
        """Say whether a used-up budget is everybody's, and so a sign of an attack."""
        return budget in (self.total, self.unproven)


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
        unconfirmed=unconfirmed,
    )
