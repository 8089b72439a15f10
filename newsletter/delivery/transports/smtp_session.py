"""One connection to an SMTP server, and one message after the other over it."""

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.transports.smtp_envelope import Envelope
from newsletter.delivery.transports.smtp_line import MOST_ADDRESSES, Line
from newsletter.delivery.transports.smtp_replies import (
    Kind,
    Phase,
    ended,
    goes_on,
    is_done,
    leaves_order,
    lost,
    readable,
)
from newsletter.delivery.transports.smtp_url import SmtpServer


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to put up with a server; ``longest_call`` is what they come to.

    Attributes:
        silence: seconds without a byte after which a line is taken for dead.
        dialling: seconds to reach one address of the server.
        opening: seconds for greeting, TLS and login together.
        deadline: seconds for a whole message, against a server that answers a byte at a time.
        courtesy: seconds for what is only asked or said, such as NOOP, RSET or QUIT.
        patience: seconds after which a call begins no further message.
        idle: seconds after which a connection that nobody needs is closed.
    """

    silence: float = 120
    dialling: float = 20
    opening: float = 60
    deadline: float = 150
    courtesy: float = 15
    patience: float = 90
    idle: float = 60

    @property
    def longest_call(self) -> float:
        """Give the most seconds that one call can take, whatever the server does.

        The last message begins when patience ends: an idle line is asked, a fresh one opened, the
        message sent and refused, and the line given up.
        """
        connecting = MOST_ADDRESSES * self.dialling + self.opening
        return self.patience + connecting + self.deadline + 3 * self.courtesy


Reply = Callable[[], tuple[int, bytes]]
"""Waits for the reply to a command: its code, and its words."""


class Unusable(ConnectionError):
    """No connection can be made before somebody changes the settings or the server."""


class Session:
    """A connection on which messages can be delivered.

    ``smtplib.SMTP.data`` hides whether the final dot was sent, which is what separates "send it
    again" from "nobody knows"; so the steps are taken one by one here. Where the server offers
    pipelining (RFC 2920) the envelope leaves in one packet, which saves two of five round trips.

    Attributes:
        usable: whether another message may be tried on it.
    """

    def __init__(self, server: SmtpServer, *, tls: ssl.SSLContext, limits: Limits) -> None:
        """Connect, greet, secure the line and log in.

        Raises:
            OSError: when any of it fails; smtplib's own errors are of this kind.
        """
        self._limits = limits
        self._line = Line(server, tls=tls, silence=limits.silence)
        try:
            _open(self._line, limits)
        except BaseException:
            self._line.hang_up()
            raise
        self.usable = True

    def answers(self) -> bool:
        """Ask whether the server is still there; it may have hung up on an idle line."""
        self.usable = self._command("NOOP")
        return self.usable

    def deliver(self, envelope: Envelope, content: bytes) -> Receipt:
        """Deliver one e-mail to one recipient.

        Args:
            envelope: from whom, and to whom.
            content: lines ended by CRLF, the last one too.
        """
        phase = Phase.MAIL
        commands = envelope.commands(reports=self._line.has_extn("dsn"))
        try:
            with self._line.limited(self._limits.deadline):
                for phase, reply in self._steps((*commands, (Phase.DATA, ""))):
                    code, text = reply()
                    if not goes_on(phase, code):
                        return self._refused(phase, code, text)
                phase = Phase.BODY
                self._write(re.sub(rb"(?m)^\.", b"..", content))
                phase = Phase.DOT
                self._write(b".\r\n")
                code, text = self._line.getreply()
        except OSError as error:
            self.usable = False
            return lost(phase, _reason(error))
        self.usable = leaves_order(phase, code)
        return ended(phase, code, text)

    def close(self) -> None:
        """Say goodbye, if the server still listens, and close."""
        if self.usable:
            self._command("QUIT")
        self.usable = False
        self._line.hang_up()

    def _steps(self, steps: Sequence[tuple[Phase, str]]) -> Iterator[tuple[Phase, Reply]]:
        """Give for each command what waits for its reply; pipelined, all have left by then."""
        if not self._line.has_extn("pipelining"):
            for phase, argument in steps:
                yield phase, partial(self._line.docmd, phase, argument)
            return
        self._line.say_at_once([f"{phase} {argument}".rstrip() for phase, argument in steps])
        for phase, _ in steps:
            yield phase, self._line.getreply

    def _refused(self, phase: Phase, code: int, text: bytes) -> Receipt:
        in_order = leaves_order(phase, code) and self._nobody_waits_after(phase)
        self.usable = in_order and self._command("RSET")
        return ended(phase, code, text)

    def _nobody_waits_after(self, refused: Phase) -> bool:
        """Take the replies to commands that had left already; say whether the line is in order."""
        if not self._line.has_extn("pipelining"):
            return True
        try:
            with self._line.limited(self._limits.courtesy):
                later = [phase for phase in (Phase.RCPT, Phase.DATA) if phase.follows(refused)]
                taken = {phase for phase in later if goes_on(phase, self._line.getreply()[0])}
                if Phase.DATA not in taken:
                    return True
                return Phase.RCPT not in taken and self._ends_empty()
        except OSError:
            return False

    def _ends_empty(self) -> bool:
        """End a body that a server waits for although it took no recipient; say whether it has.

        It would take the next command for that body. So it gets an empty one, to nobody, as RFC
        2920 has it (3.1), and whether it takes that is no matter. With a recipient it would be an
        empty letter to somebody: such a line is given up.
        """
        self._write(b".\r\n")
        return leaves_order(Phase.DOT, self._line.getreply()[0])

    def _command(self, name: str) -> bool:
        try:
            with self._line.limited(self._limits.courtesy):
                return is_done(self._line.docmd(name)[0])
        except OSError:
            return False

    def _write(self, content: bytes) -> None:
        if self._line.sock is None:
            raise smtplib.SMTPServerDisconnected("the connection is closed")
        self._line.sock.sendall(content)


def unavailable(error: OSError) -> Receipt:
    """Give the receipt for a message that found no connection."""
    detail = f"cannot use the SMTP server: {_reason(error)}"
    if isinstance(error, Unusable):
        return Receipt(Outcome.NOT_TAKEN, code="unusable", detail=detail, needs_operator=True)
    if not isinstance(error, smtplib.SMTPResponseException):
        return Receipt(Outcome.NOT_TAKEN, code="no-connection", detail=detail)
    for_good = error.smtp_code // 100 == Kind.NEVER  # a wrong password, or no service for us
    return Receipt(
        Outcome.NOT_TAKEN, code=str(error.smtp_code), detail=detail, needs_operator=for_good
    )


def _reason(error: OSError) -> str:
    """Name what went wrong on the line; a server's words may hold an address."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        words = said if isinstance(said, bytes) else said.encode()
        return f"{error.smtp_code} {readable(words)}"
    return error.strerror or str(error) or type(error).__name__


def _open(line: Line, limits: Limits) -> None:
    """Connect and log in; what cannot even be said is no fault of the line, so it is told apart.

    The errors are not quoted: they hold pieces of the password or the server's words.
    """
    try:
        line.dial(limits.dialling)
    except ValueError:
        raise Unusable("its host name cannot be looked up; mend NEWSLETTER_SMTP_URL") from None
    try:
        with line.limited(limits.opening):
            line.introduce()
    except OSError:
        raise  # a certificate that is not trusted is a ValueError as well
    except ValueError:
        raise Unusable(
            "host, user or password has a sign that SMTP cannot carry, or the server asked for "
            "the password in an unreadable way; mend NEWSLETTER_SMTP_URL"
        ) from None
