"""Whose link it is: the token in the address of a page, opened for what the page is for."""

from functools import partial

from fastapi import HTTPException
from sqlmodel import Session

from newsletter.service import Service
from subscribers import queries
from subscribers.errors import ExpiredToken, SubscriberError
from subscribers.tokens import Claims, Purpose


def opened(service: Service, token: str, *purposes: Purpose, withdrawn: bool = False) -> Claims:
    """Open a token; damaged, foreign, withdrawn and invented ones look alike.

    Args:
        service: the service.
        token: as it stands in the address.
        purposes: what the page is for; the claims say which of them it is.
        withdrawn: open, instead, what the last withdrawal of the person's links has shut.

    Raises:
        HTTPException: 404 for a token that is none of ours, or not for this.
        ExpiredToken: for a genuine one that is too old.
    """
    with service.database.reading() as session:
        epoch_of = partial(_last_epoch if withdrawn else queries.token_epoch, session)
        for purpose in purposes:
            try:
                return service.signer.open(token, purpose, epoch_of=epoch_of, now=service.clock())
            except ExpiredToken:
                raise
            except SubscriberError:
                continue
    raise HTTPException(404)


def _last_epoch(session: Session, public_id: str) -> int | None:
    epoch = queries.token_epoch(session, public_id)
    return epoch - 1 if epoch else None
