"""Envelopes: to whom a letter comes back, and what a server with the DSN extension is asked for."""

from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery.message import Message, Outcome
from newsletter.delivery.transports.smtp import SmtpTransport
from newsletter.delivery.transports.smtp_envelope import Envelope, xtext
from tests.newsletter.delivery.transports.letters import at_monday, digest, reader
from tests.newsletter.delivery.transports.smtp_servers import Scripted, running_mailbox, scripted

BACK = "bounces+abc@news.example"
WITH_REPORTS = "250-loopback\r\n250-DSN\r\n250 PIPELINING"


def send(server: Scripted, message: Message) -> list[str]:
    """Send a message to a scripted server, and give the commands of its envelope."""
    transport = SmtpTransport(server.server(), clock=at_monday)
    [receipt] = transport.send(digest(), [message])
    transport.close()
    assert receipt.outcome is Outcome.ACCEPTED
    return [line for line in server.commands if line.startswith(("MAIL", "RCPT"))]


def test_a_server_that_reports_is_asked_for_the_head_and_told_the_name_of_the_letter():
    with scripted(EHLO=[WITH_REPORTS]) as server:
        commands = send(server, reader("ines", returns_to=BACK, delivery_id="12-0a0b"))

    assert commands == [
        f"MAIL FROM:<{BACK}> RET=HDRS ENVID=12-0a0b",
        "RCPT TO:<ines@mail.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;ines@mail.example",
    ]


def test_a_server_that_does_not_report_is_told_the_addresses_only():
    with scripted() as server:
        commands = send(server, reader("ines", returns_to=BACK))

    assert commands == [f"MAIL FROM:<{BACK}>", "RCPT TO:<ines@mail.example>"]


def test_where_no_program_reads_reports_none_are_asked_for_and_the_sender_gets_them():
    with scripted(EHLO=[WITH_REPORTS]) as server:
        commands = send(server, reader("ines"))

    assert commands == ["MAIL FROM:<digest@news.example>", "RCPT TO:<ines@mail.example>"]


def test_a_real_server_takes_each_letter_from_an_address_of_its_own():
    with running_mailbox() as mailbox:
        transport = SmtpTransport(mailbox.address, clock=at_monday)
        transport.send(digest(), [reader("ines", returns_to=BACK), reader("omar")])
        transport.close()

    assert mailbox.senders == [BACK, "digest@news.example"]


def test_a_name_that_is_too_long_for_an_envelope_is_left_out():
    message = reader("ines", returns_to=BACK, delivery_id="+" * 34)

    (_, mail), _ = Envelope.of(message, "digest@news.example").commands(reports=True)

    assert mail == f"FROM:<{BACK}> RET=HDRS"


def test_an_address_with_a_plus_is_written_as_parameters_are():
    message = Message("1-00", "ines+a=b@mail.example", returns_to=BACK)

    _, (_, recipient) = Envelope.of(message, "digest@news.example").commands(reports=True)

    assert recipient.endswith("ORCPT=rfc822;ines+2Ba+3Db@mail.example")


@given(st.text(st.characters(max_codepoint=127)))
def test_whatever_is_written_for_a_parameter_can_be_read_back_and_ends_no_command(text):
    written = xtext(text)

    assert all("!" <= sign <= "~" and sign != "=" for sign in written)
    pieces = written.split("+")
    assert pieces[0] + "".join(chr(int(one[:2], 16)) + one[2:] for one in pieces[1:]) == text


def test_an_envelope_does_not_show_its_addresses():
    assert "@" not in repr(Envelope.of(reader("ines", returns_to=BACK), "digest@news.example"))
