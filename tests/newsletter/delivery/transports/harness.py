"""A transport together with the other end of its wire, so that one contract can be run on each."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import compat32, default
from typing import Any

from newsletter.delivery.transport import Transport


@dataclass(frozen=True)
class Arrived:
    """One message as the other end has it; header values raw, as on the wire."""

    recipients: tuple[str, ...]
    sender: str
    subject: str
    text: str
    html: str | None
    headers: Mapping[str, str]

    @property
    def everything(self) -> str:
        return "\n".join((self.subject, self.text, self.html or "", *self.headers.values()))


@dataclass(frozen=True)
class Harness:
    """A transport, and what arrived at its other end since the test began, in any order."""

    transport: Transport
    arrived: Callable[[], list[Arrived]]

    def arrived_for(self, address: str) -> Arrived:
        (found,) = [one for one in self.arrived() if one.recipients == (address,)]
        return found


def from_mime(content: bytes, recipients: tuple[str, ...] | None = None) -> Arrived:
    """Read an e-mail; without an envelope its To header names the recipients."""
    parsed = message_from_bytes(content, policy=default)
    raw = message_from_bytes(content, policy=compat32)
    text, html = parsed.get_body(["plain"]), parsed.get_body(["html"])
    assert text
    return Arrived(
        recipients=recipients or tuple(to.addr_spec for to in parsed["To"].addresses),
        sender=str(parsed["From"]),
        subject=str(parsed["Subject"]),
        text=text.get_content().replace("\r\n", "\n"),
        html=html.get_content().replace("\r\n", "\n") if html else None,
        headers={name: re.sub(r"\r?\n", "", str(value)) for name, value in raw.items()},
    )


def from_postmark(row: Mapping[str, Any]) -> Arrived:
    """Read a line of the loopback Postmark's log."""
    return Arrived(
        recipients=tuple(address.strip() for address in row["To"].split(",")),
        sender=row["From"],
        subject=row["Subject"],
        text=row["TextBody"],
        html=row.get("HtmlBody") or None,
        headers={header["Name"]: header["Value"] for header in row["Headers"]},
    )
