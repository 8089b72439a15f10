"""Mail that no person has written: answers of absence, bounces, other lists. Pure."""

import re

from newsletter.inbound.mail import InboundMail
from newsletter.inbound.words import listed, plain

_BULK = frozenset({"bulk", "auto_reply", "junk", "list"})
_ONLY_MACHINES = frozenset(
    {
        "x-autoreply",
        "x-autorespond",
        "x-autoresponder",
        "x-failed-recipients",
        "list-id",
        "list-unsubscribe",
    }
)
"""Headers that no person's mail gets on its way. RFC 3834 has the rest.

Not Feedback-ID, which is in everybody's mail where a company sends by Amazon, nor X-Auto-Response-Suppress,
by which the Exchange of some companies asks for no answers to whatever leaves.
"""

_POSTMEN = re.compile(r"(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)([+._-].*)?@")

_SUBJECTS = listed(
    """
    automatic reply, auto reply, autoreply, auto response, autoresponse, out of office, out of the office,
    ooo, away from, i am away, i'm away, on leave, on vacation, vacation, undeliverable, undelivered mail,
    mail delivery failed, mail delivery failure, delivery status notification, delivery failure, returned
    mail, failure notice, message not delivered, read, not read, accepted, declined,
    automatische Antwort, Abwesenheit, Abwesenheitsnotiz, Abwesenheitsnachricht, abwesend, nicht im Büro,
    nicht im Haus, unzustellbar, nicht zustellbar, Zustellung fehlgeschlagen, Urlaub, im Urlaub,
    réponse automatique, absence, absence du bureau, absent, je suis absent, en congé, en vacances,
    échec de la remise, non remis, respuesta automática, fuera de la oficina, ausencia, ausente, de
    vacaciones, no se puede entregar, risposta automatica, fuori sede, fuori ufficio, assente, assenza,
    in ferie, resposta automática, fora do escritório, ausência, de férias, não entregue, automatisch
    antwoord, automatisch bericht, afwezig, afwezigheid, niet aanwezig, niet op kantoor, onbestelbaar,
    autosvar, automatiskt svar, frånvaro, frånvarande, inte på plats, automatisk svar, fravær, fraværende,
    ikke til stede, ikke på kontoret, automaattinen vastaus, poissaolo, lomalla, otomatik yanıt, ofis
    dışında, ofis dışındayım, izindeyim, automatyczna odpowiedź, poza biurem, nieobecność, автоответ,
    автоматический ответ, не в офисе, 自動応答, 不在, 自动回复, 自動回覆, 자동 회신"""
)


def is_automatic(mail: InboundMail) -> bool:
    """Tell whether a machine sent it, as far as the mail shows it."""
    headers = mail.headers
    said_so = headers.get("auto-submitted", "no").partition(";")[0].strip().lower() not in (
        "no",
        "",
    )
    return (
        said_so
        or headers.get("precedence", "").lower() in _BULK
        or not _ONLY_MACHINES.isdisjoint(headers)
        or headers.get("return-path", "-") in ("", "<>")
        or headers.get("content-type", "").lower().startswith("multipart/report")
        or _POSTMEN.match(mail.sender.lower()) is not None
        or _begins_so(plain(mail.subject))
    )


def _begins_so(subject: str) -> bool:
    return any(subject == known or subject.startswith(f"{known} ") for known in _SUBJECTS)
