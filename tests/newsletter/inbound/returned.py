"""Letters that came back, in the shapes in which mail systems report it; all words are ours."""

from base64 import b64encode
from dataclasses import dataclass, replace
from typing import Any

from tests.newsletter.inbound.letters import HOST, MAILBOX, payload

READER = "reader1@example.org"
OURS = "news.example"


@dataclass(frozen=True)
class System:
    """How one kind of mail system reports.

    Attributes:
        sender: of its reports.
        subject: of them.
        words: the part for people.
        fields: of the block about the recipient; None where no part is for programs.
        returned: kind of the part with our letter, or its head; None where none is.
        headers: of the report.
        envelope: whether it repeats the envelope's name.
    """

    sender: str
    subject: str
    words: str
    fields: str | None
    returned: str | None = "message/rfc822"
    headers: tuple[tuple[str, str], ...] = ()
    envelope: bool = False


def letter(copy: str, *, body: bool = True) -> str:
    """Give our letter, or only its head, as a system sends it back."""
    head = (
        f"Received: from out.{OURS} by mx.example.org; Mon, 23 Nov 2026 09:00:03 +0000\n"
        f"From: Weekly Verdict <digest@{OURS}>\n"
        f"To: {READER}\n"
        "Subject: Model 5.1.1 vs Model 4.2.2\n"
        f"Message-ID: <{copy}@{OURS}>\n"
    )
    return f"{head}\nModel 5.1.1 wins.\n" if body else head


def report(system: System, copy: str, token: str, *, raw: bool = False) -> dict[str, Any]:
    """Give what Postmark posts for a report about a copy, sent to the address in its envelope.

    Args:
        system: who reports.
        copy: our name of the letter.
        token: in that address.
        raw: whether Postmark was told to post the raw mail; it leaves the attachments out here.
    """
    address = f"{MAILBOX}+{token}@{HOST}"
    headers = (
        ("Return-Path", "<>"),
        ("Message-ID", f"<report-{copy}@mx.example.org>"),
        *system.headers,
    )
    told = payload(
        FromFull={"Email": system.sender, "Name": "", "MailboxHash": ""},
        OriginalRecipient=address,
        ToFull=[{"Email": address, "Name": "", "MailboxHash": token}],
        MailboxHash=token,
        Subject=system.subject,
        TextBody=_words(system, copy),
        Headers=[{"Name": name, "Value": value} for name, value in headers],
    )
    parts = _parts(system, copy)
    if raw:
        return told | {"RawEmail": _raw(system, headers, parts)}
    attached = [
        {"Name": "", "ContentType": kind, "Content": b64encode(text.encode()).decode()}
        for kind, text in parts
    ]
    return told | {"Attachments": attached}


def _words(system: System, copy: str) -> str:
    return system.words.replace("LETTER", letter(copy))


def _parts(system: System, copy: str) -> list[tuple[str, str]]:
    parts = []
    if system.fields is not None:
        envelope = f"Original-Envelope-Id: {copy}\n" if system.envelope else ""
        about = f"Reporting-MTA: dns; mx.example.org\n{envelope}"
        parts.append(("message/delivery-status", f"{about}\n{system.fields}\n"))
    if system.returned is not None:
        whole = system.returned == "message/rfc822"
        parts.append((system.returned, letter(copy, body=whole)))
    return parts


def _raw(system: System, headers: tuple[tuple[str, str], ...], parts: list[tuple[str, str]]) -> str:
    head = "".join(f"{name}: {value}\n" for name, value in headers)
    kinds = [("text/plain; charset=utf-8", system.words), *parts]
    inside = "".join(f"--edge\nContent-Type: {kind}\n\n{text}\n" for kind, text in kinds)
    kind = 'multipart/report; report-type=delivery-status; boundary="edge"'
    return f"{head}From: {system.sender}\nContent-Type: {kind}\n\n{inside}--edge--\n"


POSTFIX = System(
    sender="MAILER-DAEMON@mx.example.org",
    subject="Undelivered Mail Returned to Sender",
    words=f"The mail system here could not hand your message over.\n\n<{READER}>: host said no\n",
    fields=(
        f"Final-Recipient: rfc822; {READER}\n"
        f"Original-Recipient: rfc822;{READER}\n"
        "Action: failed\n"
        "Status: 5.1.1\n"
        "Remote-MTA: dns; mail.example.org\n"
        f"Diagnostic-Code: smtp; 550 5.1.1 <{READER}>: no such user here"
    ),
    returned="text/rfc822-headers",
    envelope=True,
)
EXIM = System(
    sender="Mailer-Daemon@mx.example.org",
    subject="Mail delivery failed: returning message to sender",
    words=f"This was written by a mail system.\n\n  {READER}\n    550 5.1.1 nobody of that name\n",
    fields=(
        "Action: failed\n"
        f"Final-Recipient: rfc822;{READER}\n"
        "Status: 5.0.0\n"
        "Remote-MTA: dns; mail.example.org\n"
        "Diagnostic-Code: smtp; 550-5.1.1 nobody of that name\n"
        " 550 5.1.1 lives here"
    ),
    headers=(("Auto-Submitted", "auto-replied"), ("X-Failed-Recipients", READER)),
)
EXCHANGE = System(
    sender="MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.org",
    subject="Undeliverable: Model 5.1.1 vs Model 4.2.2",
    words="It did not reach the one it was for.\n",
    fields=(
        f"Final-recipient: RFC822;{READER}\n"
        "Action: failed\n"
        "Status: 5.1.10\n"
        "Diagnostic-code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by lookup\n"
        "X-Display-Name: Ines Example"
    ),
    headers=(("X-MS-Exchange-Message-Is-Ndr", ""),),
)
GMAIL = System(
    sender="mailer-daemon@googlemail.com",
    subject="Delivery Status Notification (Failure)",
    words="There is no such address.\n",
    fields=(
        f"Final-Recipient: rfc822; {READER}\n"
        "Action: failed\n"
        "Status: 5.1.1\n"
        "Diagnostic-Code: smtp; 550-5.1.1 That account is not here. Mind the spelling, and\n"
        " 550 5.1.1 look for blanks.\n"
        "Last-Attempt-Date: Mon, 23 Nov 2026 01:00:05 -0800 (PST)"
    ),
    headers=(("X-Failed-Recipients", READER), ("Auto-Submitted", "auto-replied")),
)
QMAIL = System(
    sender="MAILER-DAEMON@mx.example.org",
    subject="failure notice",
    words=(
        f"Sorry, this could not be delivered.\n\n<{READER}>:\n192.5.1.1 said: no mailbox (#5.1.1)\n"
        "\nWhat follows is your message.\n\nLETTER"
    ),
    fields=None,
    returned=None,
)
OLD_EXIM = System(
    sender="Mailer-Daemon@mx.example.org",
    subject="Mail delivery failed",
    words=f"A message could not be delivered.\n\n  {READER}\n    mailbox trouble\n\nLETTER",
    fields=None,
    returned=None,
    headers=(("X-Failed-Recipients", READER),),
)
SYSTEMS = {
    "Postfix": POSTFIX,
    "Exim": EXIM,
    "Exchange": EXCHANGE,
    "Gmail": GMAIL,
    "qmail, in words only": QMAIL,
}
"""Each says that there is no such mailbox."""

AWAY = System(
    sender=READER,
    subject="Automatic reply: Model 5.1.1 vs Model 4.2.2",
    words="I am away until 5.1.1; call extension 550 please.",
    fields=None,
    returned=None,
    headers=(("Auto-Submitted", "auto-replied"), ("In-Reply-To", f"<1-00@{OURS}>")),
)


def saying(status: str, action: str = "failed", words: str = "") -> System:
    """Give a system that says so in the part for programs."""
    code = f"Diagnostic-Code: smtp; {words}" if words else "X-Nothing: said"
    return replace(POSTFIX, fields=f"Action: {action}\nStatus: {status}\n{code}")
