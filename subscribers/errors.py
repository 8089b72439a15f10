"""What can go wrong with subscribers: each error has a stable code and a sentence for an operator."""

from typing import ClassVar


class SubscriberError(Exception):
    """Something about a subscriber is wrong."""

    code: ClassVar[str] = "subscriber"

    def __init__(self, message: str | None = None) -> None:
        """Take the docstring as the sentence when none is given."""
        super().__init__(message or (type(self).__doc__ or "").strip())


class InvalidAddress(SubscriberError):
    """This is not an e-mail address that mail can be sent to; correct it and try again."""

    code = "invalid-address"


class InvalidConsent(SubscriberError):
    """The consent record is incomplete; say who agreed to which wording, where and when."""

    code = "invalid-consent"


class ForbiddenTransition(SubscriberError):
    """This cannot happen to a subscriber in this state."""

    code = "forbidden-transition"


class UnknownSubscriber(SubscriberError):
    """Nobody with this address or id is on the list."""

    code = "unknown-subscriber"


class AddressSuppressed(SubscriberError):
    """The address is on the suppression list; release it first if that was a mistake."""

    code = "address-suppressed"


class HasLeft(SubscriberError):
    """This person has left; only their own new sign-up and confirmation bring them back."""

    code = "has-left"


class RequestGone(SubscriberError):
    """The sign-up request was used, withdrawn or is too old; ask the person to sign up again."""

    code = "request-gone"


class NothingToUndo(SubscriberError):
    """There is no recent unsubscribe of this person's own to take back."""

    code = "nothing-to-undo"


class ImportUnderWay(SubscriberError):
    """Another import has not ended; wait for it, as they come in one at a time."""

    code = "import-under-way"


class NoImportToUndo(SubscriberError):
    """There is no import that can be taken back: only the last one can, once, and for thirty days."""

    code = "no-import-to-undo"


class InvalidPause(SubscriberError):
    """A pause ends after today and within a year; choose another date."""

    code = "invalid-pause"


class InvalidWish(SubscriberError):
    """A wish that no letter could meet; the message says what to choose instead."""

    code = "invalid-wish"


class FollowsNothing(InvalidWish):
    """Letters that wait for a tool need one to wait for; follow a tool first."""

    code = "follows-nothing"


class TooManyWishes(InvalidWish):
    """More topics or tools than anybody reads about; leave some out."""

    code = "too-many-wishes"


class UnknownTimeZone(SubscriberError):
    """There is no such time zone; choose an IANA name such as Europe/Berlin."""

    code = "unknown-time-zone"


class UnknownLanguage(SubscriberError):
    """Dates are not written in this language; choose one that is offered."""

    code = "unknown-language"


class InvalidKeyRing(SubscriberError):
    """The secrets for signing links cannot be used; give random secrets of at least 32 bytes."""

    code = "invalid-key-ring"


class TokenRefused(SubscriberError):
    """The link cannot be used."""

    code = "token-refused"


class MalformedToken(TokenRefused):
    """The link is damaged or cut off."""

    code = "token-malformed"


class BadSignature(TokenRefused):
    """The link was not signed by this service, or was withdrawn."""

    code = "token-bad-signature"


class WrongPurpose(BadSignature):
    """The link was made for something else."""

    code = "token-wrong-purpose"


class ExpiredToken(TokenRefused):
    """The link is too old; ask for a new one."""

    code = "token-expired"

    def __init__(self, message: str | None = None, *, public_id: str = "") -> None:
        """Say whose it is: the signature is genuine, so a new link can be mailed to them."""
        super().__init__(message)
        self.public_id = public_id


class UnreadableFile(SubscriberError):
    """The file cannot be read as CSV; save it as CSV in UTF-8 with a header row."""

    code = "unreadable-file"


class RefusedLine(SubscriberError):
    """The line cannot be imported."""

    code = "refused-line"
