"""JSON of the wrong types is refused as a whole, before anybody looks at what it says."""

from collections.abc import Mapping
from typing import Any

from newsletter.testing.postmark.exchange import Refused, Request

_TEXTS = (
    *("From", "To", "Cc", "Bcc", "ReplyTo", "Subject", "HtmlBody", "TextBody", "Tag"),
    *("MessageStream", "TemplateAlias", "TrackLinks", "Name", "Alias", "Value", "Description"),
    *("EmailAddress", "UnsubscribeHandlingType"),
)
_OBJECTS = ("Metadata", "TemplateModel", "TestRenderModel", "SubscriptionManagementConfiguration")
_LISTS = ("Messages", "Headers", "Suppressions")
_TYPES: Mapping[str, type] = {
    **dict.fromkeys(_TEXTS, str),
    **dict.fromkeys(_OBJECTS, dict),
    **dict.fromkeys(_LISTS, list),
    "TemplateId": int,
    "TrackOpens": bool,
}
"""What a field must be wherever it stands; what an object holds is free."""


def an_object(request: Request) -> dict[str, Any]:
    """Read a body that is one object.

    Raises:
        Refused: with code 403, when it or a field of it is of another type; 402 when it is no JSON.
    """
    return _checked(request.json())


def objects(request: Request) -> list[dict[str, Any]]:
    """Read a body that is a list of objects.

    Raises:
        Refused: as above.
    """
    body = request.json()
    if not isinstance(body, list):
        raise _refusal("a list is expected")
    return [_checked(one) for one in body]


def _checked(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise _refusal("an object is expected")
    for name, value in body.items():
        if not (value is None or isinstance(value, _TYPES.get(name, object))):
            raise _refusal(f"'{name}'")
    for name in _LISTS:
        for one in body.get(name) or ():
            _checked(one)
    return body


def _refusal(what: str) -> Refused:
    return Refused(403, f"The JSON is not in the expected form: {what}.")
