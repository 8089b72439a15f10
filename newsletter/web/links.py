"""Whose link it is: the token in the address of a page, opened for one purpose."""

from functools import partial

from fastapi import HTTPException

from newsletter.service import Service
from subscribers import queries
from subscribers.errors import ExpiredToken, SubscriberError
from subscribers.tokens import Claims, Purpose


def opened(service: Service, token: str, purpose: Purpose) -> Claims:
    """Open a token; damaged, foreign, withdrawn and invented ones look alike.

    Raises:
        HTTPException: 404 for a token that is none of ours, or not for this.
        ExpiredToken: for a genuine one that is too old.
    """
    with service.database.reading() as session:
        try:
            return service.signer.open(
                token,
                purpose,
                epoch_of=partial(queries.token_epoch, session),
                now=service.clock(),
            )
        except ExpiredToken:
            raise
        except SubscriberError:
            raise HTTPException(404) from None
