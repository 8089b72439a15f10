"""Programs show who they are by the API token in the header ``Authorization``."""

import hmac
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from newsletter.service import Service

REFUSAL = "send the header Authorization: Bearer <token>"
ASK_FOR_IT = {"WWW-Authenticate": "Bearer"}

_BEARER = HTTPBearer(auto_error=False, description="The token of NEWSLETTER_API_TOKEN.")

Shown = Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
"""What the header holds, if it holds a bearer token at all."""


def shows_the_token(service: Service, shown: HTTPAuthorizationCredentials | None) -> bool:
    """Say whether it is the API token; nothing is where none is set."""
    expected = service.settings.api_token
    if expected is None or shown is None:
        return False
    given = shown.credentials.encode(errors="replace")
    return hmac.compare_digest(given, expected.get_secret_value().encode())
