"""What each button on the page of preferences does, in the caller's transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from fastapi import HTTPException
from sqlmodel import Session

from newsletter.content.catalogue.naming import by_slugs, named_tools, topics
from newsletter.rendering.dates import LANGUAGES
from newsletter.web.coming import own_window
from newsletter.web.parts import Form
from schedules.windows import Window
from subscribers.changing import reader_for_change
from subscribers.errors import InvalidPause, InvalidWish
from subscribers.languages import choose_language
from subscribers.models import Subscriber
from subscribers.pausing import pause, resume
from subscribers.wishes import Wishes, choose, wishes_of
from subscribers.zones import choose_zone

_SOURCE = "preferences"


class UnknownTopic(InvalidWish):
    """No comparison is on this topic any more; look at the list again."""

    code = "unknown-topic"


class UnknownTool(InvalidWish):
    """The catalogue does not have this tool any more; look for it again."""

    code = "unknown-tool"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button that was pressed.

    Attributes:
        public_id: whose preferences these are; from the token.
        form: the fields around the button.
        window: the weekly slot.
        now: aware.
    """

    public_id: str
    form: Form
    window: Window
    now: datetime


Button = Callable[[Session, Pressed], str | None]
"""Does what a button says; gives the name of what it was about, where the page should tell it."""


def press(session: Session, pressed: Pressed) -> str | None:
    """Do what the form's ``action`` says, once or again.

    Raises:
        HTTPException: 422 for a form of somebody else's making.
        SubscriberError: when it cannot be done; nothing was changed.
    """
    button = BUTTONS.get(pressed.form.get("action", ""))
    if button is None:
        raise HTTPException(422)
    return button(session, pressed)


def _letters(session: Session, pressed: Pressed) -> None:
    reader = reader_for_change(session, pressed.public_id)
    chosen = frozenset(pressed.form.getlist("topic"))
    if not chosen <= {*topics(named_tools(session)), *reader.topics}:
        raise UnknownTopic
    wishes = Wishes(pressed.form.get("cadence", ""), chosen, frozenset(reader.follows))
    _choose(session, pressed, wishes)


def _follow(session: Session, pressed: Pressed) -> str:
    wishes = wishes_of(reader_for_change(session, pressed.public_id))
    tool = by_slugs(named_tools(session)).get(pressed.form.get("tool", ""))
    if tool is None:
        raise UnknownTool
    if wishes.follows.isdisjoint(tool.slugs):
        _choose(session, pressed, replace(wishes, follows=wishes.follows | {tool.slugs[0]}))
    return tool.name


def _unfollow(session: Session, pressed: Pressed) -> str:
    wishes = wishes_of(reader_for_change(session, pressed.public_id))
    slug = pressed.form.get("tool", "")
    tool = by_slugs(named_tools(session)).get(slug)
    if tool is None and slug not in wishes.follows:
        raise UnknownTool
    meant = tool.slugs if tool else (slug,)
    _choose(session, pressed, replace(wishes, follows=wishes.follows.difference(meant)))
    return tool.name if tool else slug


def _choose(session: Session, pressed: Pressed, wishes: Wishes) -> None:
    choose(session, pressed.public_id, wishes, now=pressed.now, source=_SOURCE)


def _times(session: Session, pressed: Pressed) -> None:
    choose_zone(session, pressed.public_id, pressed.form.get("timezone"))
    choose_language(session, pressed.public_id, pressed.form.get("language", ""), LANGUAGES)


def _rest_for(weeks: int) -> Button:
    def rest(session: Session, pressed: Pressed) -> None:
        reader = reader_for_change(session, pressed.public_id)
        today = own_window(pressed.window, reader.timezone).local(pressed.now).date()
        _rest(session, pressed, reader, today + timedelta(weeks=weeks))

    return rest


def _rest_until(session: Session, pressed: Pressed) -> None:
    reader = reader_for_change(session, pressed.public_id)
    try:
        day = date.fromisoformat(pressed.form.get("until", ""))
    except ValueError:
        raise InvalidPause from None
    _rest(session, pressed, reader, day)


def _rest(session: Session, pressed: Pressed, reader: Subscriber, day: date) -> None:
    """Let a break end with the morning of a day, where the reader is."""
    try:
        morning = datetime.combine(day, time.min)
        until = own_window(pressed.window, reader.timezone).from_local(morning)
    except OverflowError:  # at the end of the calendar
        raise InvalidPause from None
    pause(session, pressed.public_id, until=until, now=pressed.now)


def _resume(session: Session, pressed: Pressed) -> None:
    resume(session, pressed.public_id, now=pressed.now)


BUTTONS: Mapping[str, Button] = {
    "letters": _letters,
    "follow": _follow,
    "unfollow": _unfollow,
    "pause-4": _rest_for(weeks=4),
    "pause-8": _rest_for(weeks=8),
    "pause-until": _rest_until,
    "resume": _resume,
    "times": _times,
}
"""By the value of ``action``; the page has one of each."""
