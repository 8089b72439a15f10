"""Programs show who they are by the API token in the header ``Authorization``."""

import hmac
from typing import Annotated

from fastapi import Header

from newsletter.service import Service

ASK_FOR_IT = {"WWW-Authenticate": "Bearer"}

Authorization = Annotated[str, Header(include_in_schema=False)]


def shows_the_token(service: Service, authorization: str) -> bool:
    """Say whether a header holds the API token; it never does where none is set."""
    expected = service.settings.api_token
    scheme, _, given = authorization.partition(" ")
    return (
        expected is not None
        and scheme.lower() == "bearer"
        and hmac.compare_digest(
            given.strip().encode(errors="replace"), expected.get_secret_value().encode()
        )
    )
