"""The life of a subscription: its states, what can happen to it, and one sentence for each arrow."""

from collections.abc import Mapping
from enum import StrEnum

from subscribers.errors import ForbiddenTransition


class State(StrEnum):
    """Where a subscription stands."""

    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    SUPPRESSED = "suppressed"
    ERASED = "erased"


class Event(StrEnum):
    """What can happen to a subscription."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    IMPORTED_WITH_CONSENT = "imported_with_consent"
    PAUSED = "paused"
    RESUMED = "resumed"
    UNSUBSCRIBED = "unsubscribed"
    UNDONE = "undone"
    HARD_BOUNCED = "hard_bounced"
    COMPLAINED = "complained"
    SUPPRESSED_BY_OPERATOR = "suppressed_by_operator"
    REFUSED = "refused"
    RELEASED_BY_OPERATOR = "released_by_operator"
    SUPPRESSED_BY_PROVIDER = "suppressed_by_provider"
    REACTIVATED = "reactivated"
    RELEASED_BY_PROVIDER = "released_by_provider"
    ERASED = "erased"


NOBODY = None
"""The state of an address that is not on the list."""

PENDING, ACTIVE, PAUSED = State.PENDING, State.ACTIVE, State.PAUSED
UNSUBSCRIBED, BOUNCED, COMPLAINED = State.UNSUBSCRIBED, State.BOUNCED, State.COMPLAINED
SUPPRESSED, ERASED = State.SUPPRESSED, State.ERASED

STRICTNESS = (ACTIVE, PAUSED, PENDING, UNSUBSCRIBED, BOUNCED, COMPLAINED, SUPPRESSED, ERASED)
"""From the state that receives most to the one that outranks all others."""

ON_THE_LIST = (ACTIVE, PAUSED)
"""The states of people who get letters, now or after a rest."""

OUT = frozenset(STRICTNESS[STRICTNESS.index(UNSUBSCRIBED) :])
"""The states that no import, form or edit brings back to the list."""

Arrow = tuple[State, str]

TRANSITIONS: Mapping[Event, Mapping[State | None, Arrow]] = {
    Event.ASKED: {
        NOBODY: (PENDING, "Somebody typed the address; its mailbox has not said yes."),
        PENDING: (PENDING, "Asking again renews the request and nothing else."),
        ACTIVE: (ACTIVE, "Who already receives letters loses nothing by asking."),
        PAUSED: (PAUSED, "A pause is the person's own choice; a form does not end it."),
        UNSUBSCRIBED: (UNSUBSCRIBED, "Who left stays away until the mailbox itself says yes."),
        BOUNCED: (BOUNCED, "A form does not repair a mailbox."),
        COMPLAINED: (COMPLAINED, "A form does not take back a complaint."),
        SUPPRESSED: (SUPPRESSED, "A form does not outrank the suppression list."),
    },
    Event.CONFIRMED: {
        PENDING: (ACTIVE, "The mailbox said yes to a fresh request."),
        ACTIVE: (ACTIVE, "The second press of the button says yes again."),
        PAUSED: (PAUSED, "A yes is already given; the pause goes on."),
        UNSUBSCRIBED: (ACTIVE, "The person asked again and the mailbox said yes."),
    },
    Event.IMPORTED_WITH_CONSENT: {
        NOBODY: (ACTIVE, "The operator states where and how the person agreed."),
        PENDING: (ACTIVE, "The operator states a yes given elsewhere."),
        ACTIVE: (ACTIVE, "The list already has this person."),
        PAUSED: (PAUSED, "An import does not end a pause."),
        UNSUBSCRIBED: (UNSUBSCRIBED, "An import brings nobody back who left."),
        BOUNCED: (BOUNCED, "An import does not repair a mailbox."),
        COMPLAINED: (COMPLAINED, "An import does not take back a complaint."),
        SUPPRESSED: (SUPPRESSED, "An import does not outrank the suppression list."),
    },
    Event.PAUSED: {
        ACTIVE: (PAUSED, "The person wants a rest from letters."),
        PAUSED: (PAUSED, "The person chooses another end for the pause."),
    },
    Event.RESUMED: {
        PAUSED: (ACTIVE, "The person wants letters again; their yes still stands."),
        ACTIVE: (ACTIVE, "There was no pause left to end."),
    },
    Event.UNSUBSCRIBED: {
        NOBODY: (UNSUBSCRIBED, "An import tells of somebody who left elsewhere."),
        PENDING: (UNSUBSCRIBED, "Who was asked may say no."),
        ACTIVE: (UNSUBSCRIBED, "The person leaves."),
        PAUSED: (UNSUBSCRIBED, "The person leaves during a pause."),
        UNSUBSCRIBED: (UNSUBSCRIBED, "Leaving twice is leaving once."),
        BOUNCED: (BOUNCED, "Leaving works; the broken mailbox stays noted."),
        COMPLAINED: (COMPLAINED, "Leaving works; the complaint stays noted."),
        SUPPRESSED: (SUPPRESSED, "Leaving works; the suppression stays."),
        ERASED: (ERASED, "An old letter's link still answers after everything is erased."),
    },
    Event.UNDONE: {
        UNSUBSCRIBED: (ACTIVE, "The person takes a slip of the finger back within the window."),
        ACTIVE: (ACTIVE, "Taking it back twice is taking it back once."),
    },
    Event.HARD_BOUNCED: {
        NOBODY: (BOUNCED, "An import tells of a mailbox that refused mail elsewhere."),
        PENDING: (BOUNCED, "The confirmation mail found no mailbox."),
        ACTIVE: (BOUNCED, "The mailbox is gone."),
        PAUSED: (BOUNCED, "The mailbox went away during a pause."),
        UNSUBSCRIBED: (BOUNCED, "A late bounce also closes the address of somebody who left."),
        BOUNCED: (BOUNCED, "The same news arrives twice."),
        COMPLAINED: (COMPLAINED, "A complaint outranks a bounce."),
        SUPPRESSED: (SUPPRESSED, "A suppression outranks a bounce."),
        ERASED: (ERASED, "Late news about an erased person changes nothing."),
    },
    Event.COMPLAINED: {
        NOBODY: (COMPLAINED, "An import tells of a complaint made elsewhere."),
        PENDING: (COMPLAINED, "The confirmation mail was called spam."),
        ACTIVE: (COMPLAINED, "A letter was called spam."),
        PAUSED: (COMPLAINED, "An earlier letter was called spam during a pause."),
        UNSUBSCRIBED: (COMPLAINED, "An earlier letter was called spam after leaving."),
        BOUNCED: (COMPLAINED, "A complaint outranks a bounce."),
        COMPLAINED: (COMPLAINED, "The same complaint arrives twice."),
        SUPPRESSED: (SUPPRESSED, "A suppression outranks a complaint."),
        ERASED: (ERASED, "A late complaint of an erased person changes nothing."),
    },
    Event.SUPPRESSED_BY_OPERATOR: {
        NOBODY: (SUPPRESSED, "The operator keeps an address off the list in advance."),
        PENDING: (SUPPRESSED, "The operator closes an open request."),
        ACTIVE: (SUPPRESSED, "The operator stops all letters."),
        PAUSED: (SUPPRESSED, "The operator stops all letters during a pause."),
        UNSUBSCRIBED: (SUPPRESSED, "The operator makes a goodbye final."),
        BOUNCED: (SUPPRESSED, "The operator closes a broken mailbox for good."),
        COMPLAINED: (SUPPRESSED, "The operator adds their word to a complaint."),
        SUPPRESSED: (SUPPRESSED, "Suppressing twice is suppressing once."),
        ERASED: (ERASED, "There is nobody left to suppress."),
    },
    Event.REFUSED: {
        PENDING: (SUPPRESSED, "Whose address was typed by others wants no letter ever again."),
        ACTIVE: (SUPPRESSED, "The person changes their mind, and for good."),
        PAUSED: (SUPPRESSED, "The person ends the pause by ending everything."),
        UNSUBSCRIBED: (SUPPRESSED, "Who left does not want to be asked any more either."),
        BOUNCED: (SUPPRESSED, "The mailbox works again, and wants to be left alone."),
        COMPLAINED: (COMPLAINED, "A complaint says it already."),
        SUPPRESSED: (SUPPRESSED, "Refusing twice is refusing once."),
        ERASED: (ERASED, "There is nobody left to write to."),
    },
    Event.RELEASED_BY_OPERATOR: {
        BOUNCED: (UNSUBSCRIBED, "The mailbox works again; letters still need a fresh yes."),
        COMPLAINED: (UNSUBSCRIBED, "The complaint is settled; letters still need a fresh yes."),
        SUPPRESSED: (UNSUBSCRIBED, "The block is lifted; letters still need a fresh yes."),
    },
    Event.SUPPRESSED_BY_PROVIDER: {
        PENDING: (
            SUPPRESSED,
            "Somebody told the provider to write no more before there was a yes.",
        ),
        ACTIVE: (SUPPRESSED, "Somebody told the provider to write no more."),
        PAUSED: (SUPPRESSED, "Somebody told the provider to write no more during a pause."),
        UNSUBSCRIBED: (SUPPRESSED, "The provider is told to write no more to somebody who left."),
        BOUNCED: (SUPPRESSED, "A suppression outranks a bounce."),
        COMPLAINED: (SUPPRESSED, "A suppression is added to a complaint."),
        SUPPRESSED: (SUPPRESSED, "The same suppression is told twice."),
        ERASED: (ERASED, "Late news about an erased person changes nothing."),
    },
    Event.REACTIVATED: {
        BOUNCED: (ACTIVE, "The provider writes to the mailbox again; the yes still stands."),
        SUPPRESSED: (ACTIVE, "The provider may write again; the yes still stands."),
    },
    Event.RELEASED_BY_PROVIDER: {
        PENDING: (UNSUBSCRIBED, "A letter bounced and was forgiven; whoever asks gets a new one."),
        BOUNCED: (UNSUBSCRIBED, "The mailbox works again; there is no yes that still stands."),
        SUPPRESSED: (UNSUBSCRIBED, "The provider may write again; no yes still stands."),
    },
    Event.ERASED: {
        PENDING: (ERASED, "The request and everything with it is erased."),
        ACTIVE: (ERASED, "The person leaves and is really gone."),
        PAUSED: (ERASED, "The person is gone before the pause ends."),
        UNSUBSCRIBED: (ERASED, "Somebody who left wants to be forgotten too."),
        BOUNCED: (ERASED, "The address goes; its keyed hash stays suppressed."),
        COMPLAINED: (ERASED, "The address goes; its keyed hash stays suppressed."),
        SUPPRESSED: (ERASED, "The address goes; its keyed hash stays suppressed."),
        ERASED: (ERASED, "Erasing twice is erasing once."),
    },
}


def allows(state: State | None, event: Event) -> bool:
    """Say whether there is an arrow."""
    return state in TRANSITIONS[event]


def advance(state: State | None, event: Event) -> State:
    """Give the state after the event.

    Args:
        state: None for an address that is not on the list.
        event: what happened.

    Raises:
        ForbiddenTransition: when no arrow is declared.
    """
    try:
        return TRANSITIONS[event][state][0]
    except KeyError:
        where = f"is {state}" if state else "is not on the list"
        raise ForbiddenTransition(f"'{event}' cannot happen to a subscriber who {where}") from None


def strictest(*states: State) -> State:
    """Give the one that receives least."""
    return max(states, key=STRICTNESS.index)
