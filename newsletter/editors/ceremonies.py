"""Passkeys: registered by who is signed in, and then a way to sign in without a letter.

A passkey is made so that it can be found without typing an address, and so that its device asks for a
finger, a face or a code. Which device it is nobody asks.
"""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import webauthn
from sqlalchemy import or_, update
from sqlmodel import Session, col, select
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from newsletter.database import insert_into
from newsletter.editors import acts, challenges, passkeys, sessions
from newsletter.editors.acts import Act, Actor
from newsletter.editors.models import Editor, Passkey
from newsletter.editors.refusals import RefusedPasskey
from newsletter.editors.relying import Site
from newsletter.editors.sessions import Visit
from subscribers.profile import clean

LONGEST_LABEL = 60

_MOST_COUNTED = 2**31 - 1
"""What its column holds; devices count on to twice as much, and are not compared from here on."""

Credential = dict[str, Any]
"""What a browser brings, as it writes it in JSON; believed in nothing before it was checked."""

_ODD = (
    WebAuthnException,
    ValueError,
    TypeError,
    AttributeError,
    KeyError,
    IndexError,
    RecursionError,
    struct.error,
)
"""What comes of a credential that is damaged or made up."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What it takes to check a passkey.

    Attributes:
        site: for which it has to be made.
        pepper: seals challenges.
    """

    site: Site
    pepper: bytes


@contextmanager
def _refusing() -> Iterator[None]:
    """Refuse a credential that cannot be read, or does not hold."""
    try:
        yield
    except _ODD:
        raise RefusedPasskey from None


def to_register(session: Session, terms: Terms, visit: Visit) -> str:
    """Give what the browser of somebody signed in needs to make a passkey, as JSON."""
    editor = visit.editor
    purpose = challenges.to_register(editor.number)
    options = webauthn.generate_registration_options(
        rp_id=terms.site.host,
        rp_name=terms.site.name,
        user_name=editor.email,
        user_id=_handle(editor),
        challenge=challenges.make(terms.pepper, purpose, now=visit.now),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(known.credential_id))
            for known in passkeys.of_editor(session, editor.number)
        ],
    )
    return webauthn.options_to_json(options)


def register(
    session: Session, terms: Terms, visit: Visit, credential: Credential, label: str
) -> str:
    """Keep a new passkey; all sessions end, and this browser goes on in a new one.

    Returns:
        The secret of the new session.

    Raises:
        RefusedPasskey: when anything about it is not right, or it is known already.
    """
    editor, now = visit.editor, visit.now
    purpose = challenges.to_register(editor.number)
    with _refusing():
        sent = parse_registration_credential_json(credential)
        challenge = parse_client_data_json(sent.response.client_data_json).challenge
        if challenges.made_at(challenge, terms.pepper, purpose, now=now) is None:
            raise RefusedPasskey
        made = webauthn.verify_registration_response(
            credential=sent,
            expected_challenge=challenge,
            expected_rp_id=terms.site.host,
            expected_origin=terms.site.origin,
            require_user_verification=True,
        )
    values = {
        "editor_id": editor.number,
        "credential_id": bytes_to_base64url(made.credential_id),
        "public_key": bytes_to_base64url(made.credential_public_key),
        "sign_count": min(made.sign_count, _MOST_COUNTED),
        "label": clean(label, LONGEST_LABEL) or "passkey",
        "created_at": now,
    }
    new = insert_into(session, Passkey).values(values).on_conflict_do_nothing()
    key = session.execute(new.returning(col(Passkey.id))).scalar_one_or_none()
    if key is None:
        raise RefusedPasskey
    acts.note(session, Actor.of(editor), Act.PASSKEY_ADDED, f"passkey {key}", now=now)
    return sessions.renew(session, visit)


def to_sign_in(terms: Terms, *, now: datetime) -> str:
    """Give what anybody's browser needs to show a passkey, as JSON; it names nobody."""
    options = webauthn.generate_authentication_options(
        rp_id=terms.site.host,
        challenge=challenges.make(terms.pepper, challenges.TO_SIGN_IN, now=now),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def accept(session: Session, terms: Terms, credential: Credential, *, now: datetime) -> Editor:
    """Say whose passkey was shown, once for each challenge.

    Args:
        session: a writing session.
        terms: what it takes to check it.
        credential: as the browser brought it.
        now: aware.

    Raises:
        RefusedPasskey: when it is nobody's, or anything about it is not right.
    """
    with _refusing():
        sent = parse_authentication_credential_json(credential)
        challenge = parse_client_data_json(sent.response.client_data_json).challenge
        made_at = challenges.made_at(challenge, terms.pepper, challenges.TO_SIGN_IN, now=now)
        credential_id = bytes_to_base64url(sent.raw_id)
    found = _of_credential(session, credential_id) if made_at else None
    if made_at is None or found is None:
        raise RefusedPasskey
    passkey, editor = found
    with _refusing():
        shown = webauthn.verify_authentication_response(
            credential=sent,
            expected_challenge=challenge,
            expected_rp_id=terms.site.host,
            expected_origin=terms.site.origin,
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    if sent.response.user_handle not in (None, _handle(editor)):
        raise RefusedPasskey
    _use(session, passkey, shown.new_sign_count, made_at=made_at, now=now)
    return editor


def _of_credential(session: Session, credential_id: str) -> tuple[Passkey, Editor] | None:
    found: tuple[Passkey, Editor] | None = session.exec(
        select(Passkey, Editor)
        .join(Editor, col(Editor.id) == col(Passkey.editor_id))
        .where(Passkey.credential_id == credential_id, col(Editor.disabled_at).is_(None))
    ).one_or_none()
    return found


def _use(
    session: Session, passkey: Passkey, count: int, *, made_at: datetime, now: datetime
) -> None:
    """Write down that a passkey has answered a challenge, unless it has answered this or a later one."""
    answered = col(Passkey.challenged_at)
    newer = or_(answered.is_(None), answered < made_at)
    used = update(Passkey).where(col(Passkey.id) == passkey.id, newer)
    counted = min(count, _MOST_COUNTED)
    values = {"sign_count": counted, "last_used_at": now, "challenged_at": made_at}
    if session.execute(used.values(values).returning(col(Passkey.id))).first() is None:
        raise RefusedPasskey


def _handle(editor: Editor) -> bytes:
    """Give what a passkey remembers its owner by; it names a row, and nobody."""
    return acts.named(editor.number).encode()
