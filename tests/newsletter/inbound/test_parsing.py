"""Mails in mails in mails, which everybody who has a letter of ours may send to its return address."""

import email
from base64 import b64encode

import pytest

from newsletter.inbound.mail import InboundMail
from newsletter.inbound.parsing import parsed
from newsletter.inbound.report_text import read_text
from newsletter.inbound.reports import read_report
from tests.newsletter.inbound.letters import payload

DEEP = 4_000
IN_MAILS = "Content-Type: message/rfc822\n\n"
IN_PARTS = "".join(
    f"Content-Type: multipart/mixed; boundary=x{number}\n\n--x{number}\n" for number in range(DEEP)
)
IN_DIGESTS = "".join(
    f"Content-Type: multipart/digest; boundary=x{number}\n\n--x{number}\n\n"
    for number in range(DEEP)
)
IN_CAPITALS = "CONTENT-TYPE:\n MESSAGE/X-ANYTHING\n\n"
NESTED = {
    "mails": IN_MAILS * DEEP,
    "parts": IN_PARTS,
    "digests": IN_DIGESTS,
    "capitals": IN_CAPITALS * DEEP,
}


@pytest.mark.parametrize("name", NESTED)
def test_a_mail_that_holds_itself_again_and_again_ends_nowhere(name):
    assert len(list(parsed(NESTED[name]).walk())) == 1
    assert len(list(parsed(NESTED[name].encode()).walk())) == 1


@pytest.mark.parametrize("name", NESTED)
@pytest.mark.parametrize(
    "kind", ["message/rfc822", "message/delivery-status", "text/rfc822-headers"]
)
def test_it_is_no_report_however_it_comes(name, kind):
    system, status = "mailer-daemon@mx.example.org", "550 5.1.1 no such user\n"
    attached = [{"ContentType": kind, "Content": encoded(NESTED[name])}]
    words = status + "Received: here\n" + NESTED[name]

    for told in ({"Attachments": attached}, {"RawEmail": NESTED[name]}):
        mail = InboundMail.read(payload(**told))
        assert read_report(mail) is None
    mail = InboundMail.read(payload(FromFull={"Email": system}, TextBody=words))
    assert read_text(mail) is not None


def encoded(text: str) -> str:
    return b64encode(text.encode()).decode()


def test_whatever_is_not_ascii_is_kept_as_the_library_keeps_it():
    source = "Subject: Grüße\nContent-Type: text/plain; charset=utf-8\n\nGrüße\n".encode()

    ours, theirs = parsed(source), email.message_from_bytes(source)

    assert ours.get_payload(decode=True) == theirs.get_payload(decode=True)
    assert ours["subject"] == theirs["subject"]
