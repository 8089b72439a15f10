"""Where a reader stands by their own and the operator's word, and the steps to where they belong. Pure.

What a provider told is laid over what they said themselves, and can be taken off again: so their
own state is read from the log, without the steps that the provider's word made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.feedback.verdicts import Cuts, Verdict
from subscribers.consent import Actor
from subscribers.states import STRICTNESS, Event, State, strictest

_BY_PROVIDER = frozenset(
    {
        Event.HARD_BOUNCED,
        Event.COMPLAINED,
        Event.SUPPRESSED_BY_PROVIDER,
        Event.REACTIVATED,
        Event.RELEASED_BY_PROVIDER,
    }
)
_TOWARDS = {
    State.UNSUBSCRIBED: Event.UNSUBSCRIBED,
    State.BOUNCED: Event.HARD_BOUNCED,
    State.COMPLAINED: Event.COMPLAINED,
    State.SUPPRESSED: Event.SUPPRESSED_BY_PROVIDER,
}
_ON_THE_LIST = frozenset({State.ACTIVE, State.PAUSED})


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the log of states."""

    event: Event
    to: State
    at: datetime
    actor: Actor


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a reader beside what the provider told.

    Attributes:
        state: the present one.
        steps: the log of their states, oldest first.
        has_left: they told us so, in whatever state they were then.
        blocked: an operator, an import or they themselves closed the address for good.
    """

    state: State
    steps: Sequence[Step]
    has_left: bool = False
    blocked: bool = False

    @property
    def cuts(self) -> Cuts:
        """Say what lies behind them."""
        return Cuts(
            released_at=self._last(Event.RELEASED_BY_OPERATOR),
            yes_at=self._last(Event.CONFIRMED),
        )

    @property
    def own(self) -> State:
        """Give the state without the provider's word."""
        if not self.steps or not _is_providers(self.steps[-1]):
            return self.state
        own = [step.to for step in self.steps if not _is_providers(step)]
        left = [State.UNSUBSCRIBED] if self.has_left else []
        blocked = [State.SUPPRESSED] if self.blocked else []
        return strictest(*own[-1:], *left, *blocked) if own or left or blocked else self.state

    def _last(self, event: Event) -> datetime | None:
        return max((step.at for step in self.steps if step.event is event), default=None)


def steps(standing: Standing, verdict: Verdict) -> list[Event]:
    """Give the events that lead from where a reader stands to where they belong."""
    now, wanted = standing.state, _wanted(standing.own, verdict)
    if wanted is now or State.ERASED in (wanted, now):
        return []
    if STRICTNESS.index(wanted) > STRICTNESS.index(now):
        forgiven = wanted is State.UNSUBSCRIBED and not verdict.left
        return [Event.RELEASED_BY_PROVIDER if forgiven else _TOWARDS[wanted]]
    if not verdict.told:
        return []
    if wanted in _ON_THE_LIST:
        return [Event.REACTIVATED, *([Event.PAUSED] if wanted is State.PAUSED else [])]
    further = [] if wanted is State.UNSUBSCRIBED else [_TOWARDS[wanted]]
    return [Event.RELEASED_BY_PROVIDER, *further]


def _wanted(own: State, verdict: Verdict) -> State:
    base = strictest(own, State.UNSUBSCRIBED) if verdict.left else own
    if verdict.closed is not None:
        return strictest(base, verdict.closed)
    return State.UNSUBSCRIBED if base is State.PENDING and verdict.forgiven else base


def _is_providers(step: Step) -> bool:
    return step.actor is Actor.PROVIDER and step.event in _BY_PROVIDER
