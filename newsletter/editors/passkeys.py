"""Passkeys: registered by who is signed in, and then a way to sign in without a letter.

A passkey is made so that it can be found without typing an address, and so that its device asks for a
finger, a face or a code. Which device it is nobody asks.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import webauthn
from sqlalchemy import delete, or_, update
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
from newsletter.editors import audit, challenges, sessions
from newsletter.editors.audit import Act, Actor
from newsletter.editors.models import Editor, Passkey
from newsletter.editors.refusals import RefusedPasskey
from newsletter.editors.relying import Site
from newsletter.editors.sessions import Visit

LONGEST_LABEL = 60

Credential = dict[str, Any]
"""What a browser brings, as it writes it in JSON; believed in nothing before it was checked."""

_ODD = (
    WebAuthnException,
    ValueError,
    TypeError,
    AttributeError,
    KeyError,
    IndexError,
    struct.error,
)
"""What comes of a credential that is damaged or made up."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What it takes to check a passkey.

    Attributes:
        site: for which it has to be made.
        pepper: seals challenges.
    """

    site: Site
    pepper: bytes


def to_register(session: Session, desk: Desk, visit: Visit) -> str:
    """Give what the browser of somebody signed in needs to make a passkey, as JSON."""
    editor = visit.editor
    purpose = challenges.to_register(editor.number)
    options = webauthn.generate_registration_options(
        rp_id=desk.site.host,
        rp_name=desk.site.name,
        user_name=editor.email,
        user_id=_handle(editor),
        challenge=challenges.make(desk.pepper, purpose, now=visit.now),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(known.credential_id))
            for known in of_editor(session, editor.number)
        ],
    )
    return webauthn.options_to_json(options)


def register(session: Session, desk: Desk, visit: Visit, credential: Credential, label: str) -> str:
    """Keep a new passkey; all sessions end, and this browser goes on in a new one.

    Returns:
        The secret of the new session.

    Raises:
        RefusedPasskey: when anything about it is not right, or it is known already.
    """
    editor, now = visit.editor, visit.now
    try:
        sent = parse_registration_credential_json(credential)
        challenge = parse_client_data_json(sent.response.client_data_json).challenge
        purpose = challenges.to_register(editor.number)
        if challenges.made_at(challenge, desk.pepper, purpose, now=now) is None:
            raise RefusedPasskey
        made = webauthn.verify_registration_response(
            credential=sent,
            expected_challenge=challenge,
            expected_rp_id=desk.site.host,
            expected_origin=desk.site.origin,
            require_user_verification=True,
        )
    except _ODD:
        raise RefusedPasskey from None
    values = {
        "editor_id": editor.number,
        "credential_id": bytes_to_base64url(made.credential_id),
        "public_key": bytes_to_base64url(made.credential_public_key),
        "sign_count": made.sign_count,
        "label": " ".join(label.split())[:LONGEST_LABEL] or "passkey",
        "created_at": now,
    }
    new = insert_into(session, Passkey).values(values).on_conflict_do_nothing()
    key = session.execute(new.returning(col(Passkey.id))).scalar_one_or_none()
    if key is None:
        raise RefusedPasskey
    audit.note(session, Actor.of(editor), Act.PASSKEY_ADDED, f"passkey {key}", now=now)
    return sessions.renew(session, visit)


def remove(session: Session, visit: Visit, passkey_id: int) -> str | None:
    """Forget a passkey of somebody signed in; all sessions end, and this browser goes on in a new one.

    Returns:
        The secret of the new session; None when the passkey is not theirs, and nothing was done.
    """
    own = (col(Passkey.id) == passkey_id, col(Passkey.editor_id) == visit.editor.number)
    gone = session.execute(delete(Passkey).where(*own).returning(col(Passkey.id))).first()
    if gone is None:
        return None
    audit.note(
        session,
        Actor.of(visit.editor),
        Act.PASSKEY_REMOVED,
        f"passkey {passkey_id}",
        now=visit.now,
    )
    return sessions.renew(session, visit)


def to_sign_in(desk: Desk, *, now: datetime) -> str:
    """Give what anybody's browser needs to show a passkey, as JSON; it names nobody."""
    options = webauthn.generate_authentication_options(
        rp_id=desk.site.host,
        challenge=challenges.make(desk.pepper, challenges.TO_SIGN_IN, now=now),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def accept(session: Session, desk: Desk, credential: Credential, *, now: datetime) -> Editor:
    """Say whose passkey was shown, once for each challenge.

    Args:
        session: a writing session.
        desk: what it takes to check it.
        credential: as the browser brought it.
        now: aware.

    Raises:
        RefusedPasskey: when it is nobody's, or anything about it is not right.
    """
    try:
        sent = parse_authentication_credential_json(credential)
        challenge = parse_client_data_json(sent.response.client_data_json).challenge
        made_at = challenges.made_at(challenge, desk.pepper, challenges.TO_SIGN_IN, now=now)
        found = _of_credential(session, bytes_to_base64url(sent.raw_id))
        if made_at is None or found is None:
            raise RefusedPasskey
        passkey, editor = found
        shown = webauthn.verify_authentication_response(
            credential=sent,
            expected_challenge=challenge,
            expected_rp_id=desk.site.host,
            expected_origin=desk.site.origin,
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except _ODD:
        raise RefusedPasskey from None
    if sent.response.user_handle not in (None, _handle(editor)):
        raise RefusedPasskey
    _use(session, passkey, shown.new_sign_count, made_at=made_at, now=now)
    return editor


def of_editor(session: Session, editor_id: int) -> Sequence[Passkey]:
    """Read the passkeys of an editor, oldest first."""
    whose = select(Passkey).where(Passkey.editor_id == editor_id)
    return session.exec(whose.order_by(col(Passkey.id))).all()


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
    values = {"sign_count": count, "last_used_at": now, "challenged_at": made_at}
    if session.execute(used.values(values).returning(col(Passkey.id))).first() is None:
        raise RefusedPasskey


def _handle(editor: Editor) -> bytes:
    """Give what a passkey remembers its owner by: bytes that say nothing to anybody else."""
    return editor.hidden_key.encode()
