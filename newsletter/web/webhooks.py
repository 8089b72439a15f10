"""What Postmark posts to us: mail to our address, and events, which tell of mail from us.

Who brings the credentials is believed, whatever page they are on; there is no other proof. Postmark
asks again after every answer but 200, so 200 means: done and committed, or nothing that could ever
be done. A fault of ours is 503. 403 would end all deliveries and is never answered.
"""

import hmac
from base64 import b64decode
from binascii import Error
from collections.abc import Mapping
from email.utils import parseaddr
from typing import Any

import orjson
import structlog
from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse
from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError

from newsletter.inbound.hearing import Ears, Heard, hear
from newsletter.inbound.mail import InboundMail
from newsletter.service import Service
from newsletter.settings import Settings
from newsletter.web.parts import ServicePart

log = structlog.get_logger()

router = APIRouter(include_in_schema=False)

_OF_A_MAIL = frozenset({"FromFull", "ToFull", "MailboxHash", "OriginalRecipient", "TextBody"})
"""An inbound mail is the one thing that does not say what it is; it has one of these fields."""

_SECRET = "x-webhook-secret"  # noqa: S105  the name of a header

_DONE = ("done", 200)
_IGNORED = ("nothing to do", 200)
_STRANGER = ("who is there?", 401)
_CLOSED = ("closed: set NEWSLETTER_WEBHOOK_PASSWORD to open it", 503)
_FAULT = ("try again", 503)

_Answer = tuple[str, int]


@router.post("/webhooks/postmark")
async def receive(service: ServicePart, request: Request) -> PlainTextResponse:
    """Take one mail or event from whoever has the credentials; strangers' bodies are not read."""
    answer = _refusal(service.settings, request.headers)
    if answer is None:
        body = await request.body()
        answer = await run_in_threadpool(_take, service, body, _SECRET in request.headers)
    words, status = answer
    challenge = {"WWW-Authenticate": 'Basic realm="webhooks"'} if answer is _STRANGER else None
    return PlainTextResponse(f"{words}\n", status, challenge)


def _refusal(settings: Settings, headers: Mapping[str, str]) -> _Answer | None:
    if settings.webhook_password is None:
        return _CLOSED
    user, password = _basic(headers.get("authorization", ""))
    right_user = _same(user, settings.webhook_user)
    right_password = _is_one_of(password, settings.webhook_password)
    given, secret = headers.get(_SECRET), settings.webhook_secret
    right_secret = given is None or secret is None or _is_one_of(given, secret)
    return None if right_user and right_password and right_secret else _STRANGER


def _basic(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    try:
        user, _, password = b64decode(encoded, validate=True).decode().partition(":")
    except (Error, ValueError):
        return "", ""
    return (user, password) if scheme.lower() == "basic" else ("", "")


def _is_one_of(given: str, secrets: SecretStr) -> bool:
    known = secrets.get_secret_value().split(",")
    matches = [_same(given, secret.strip()) for secret in known]  # all, so that time tells nothing
    return any(matches)


def _same(given: str, known: str) -> bool:
    return hmac.compare_digest(given.encode(), known.encode())


def _take(service: Service, body: bytes, has_secret: bool) -> _Answer:
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        log.warning("webhook_ignored", why="not-json")
        return _IGNORED
    try:
        if _is_mail(told):
            return _mail(service, told)
        if service.settings.webhook_secret is not None and not has_secret:
            return _STRANGER  # the webhook of events can send a header of ours
        return _event(service, told, body)
    except SQLAlchemyError as fault:
        log.warning("webhook_failed", kind=type(fault).__name__)
        return _FAULT


def _is_mail(told: Any) -> bool:
    return isinstance(told, dict) and "RecordType" not in told and not _OF_A_MAIL.isdisjoint(told)


def _mail(service: Service, told: dict[str, Any]) -> _Answer:
    mail, sender = InboundMail.read(told), parseaddr(service.settings.sender)[1]
    ears = Ears(service.signer, service.pepper, domain=sender.rpartition("@")[2])
    with service.database.writing() as session:
        heard = hear(session, mail, ears, now=service.clock())
    if heard is Heard.RETURNED:
        service.listener.fold_at_once()
    log.info("mail_heard", meaning=heard.value)
    return _DONE


def _event(service: Service, told: Any, body: bytes) -> _Answer:
    log.info("event_heard", kind=service.listener.hear(told, body))
    return _DONE
