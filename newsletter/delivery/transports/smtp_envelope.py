"""The envelope of a message: what MAIL and RCPT say, and what is asked for when it comes back. Pure."""

from dataclasses import dataclass

from newsletter.delivery.message import Message
from newsletter.delivery.transports.smtp_replies import Phase

LONGEST_NAME = 100
"""Characters of an envelope's name (RFC 3461, 4.4)."""

_AS_IT_IS = frozenset(map(chr, range(0x21, 0x7F))) - {"+", "="}


@dataclass(frozen=True, slots=True, repr=False)
class Envelope:
    """One message's envelope.

    Attributes:
        sender: to whom it comes back.
        recipient: for whom it is.
        name: what a report shall call it; None when no reports are asked for.
    """

    sender: str
    recipient: str
    name: str | None = None

    def __repr__(self) -> str:
        """Name it without its addresses."""
        return f"Envelope({self.name})"

    @classmethod
    def of(cls, message: Message, sender: str) -> "Envelope":
        """Give the envelope of a message.

        Reports are asked for only where a program reads them: others come, as ever, to the sender.

        Args:
            message: whose envelope it is.
            sender: of its mailing.
        """
        if message.returns_to is None:
            return cls(sender, message.to)
        return cls(message.returns_to, message.to, message.delivery_id)

    def commands(self, *, reports: bool) -> tuple[tuple[Phase, str], ...]:
        """Give the arguments of the two commands.

        A server with the DSN extension is asked to give back the headers only, to say of which
        message it speaks, and for which address it was, and to tell of failures and delays: of
        what has arrived nobody needs to be told.

        Args:
            reports: whether the server has that extension.
        """
        mail, recipient = f"FROM:<{self.sender}>", f"TO:<{self.recipient}>"
        if reports and self.name is not None:
            name = xtext(self.name)
            mail += " RET=HDRS" + (f" ENVID={name}" if len(name) <= LONGEST_NAME else "")
            recipient += f" NOTIFY=FAILURE,DELAY ORCPT=rfc822;{xtext(self.recipient)}"
        return (Phase.MAIL, mail), (Phase.RCPT, recipient)


def xtext(text: str) -> str:
    """Write ASCII as the parameters of a command hold it: no blank, and + and = in hexadecimal."""
    return "".join(sign if sign in _AS_IT_IS else f"+{ord(sign):02X}" for sign in text)
