import re
import shutil
import ssl
import subprocess
from contextlib import contextmanager

import pytest

from newsletter.delivery.message import Outcome
from newsletter.delivery.mime import Composer
from newsletter.delivery.transports.smtp import SmtpTransport
from newsletter.delivery.transports.smtp_session import Limits
from newsletter.delivery.transports.smtp_url import Security, SmtpServer
from newsletter.rendering.personal import Marked
from tests.addresses import reserved_port
from tests.newsletter.delivery.transports.letters import MONDAY, at_monday, digest, readers
from tests.newsletter.delivery.transports.smtp_servers import (
    DRIP,
    DROP,
    DROP_IN_BODY,
    NOTHING,
    SILENCE,
    WHOLE_ENVELOPE,
    running_mailbox,
    scripted,
)

ACCEPTED, REJECTED = Outcome.ACCEPTED, Outcome.REJECTED
NOT_TAKEN, UNKNOWN = Outcome.NOT_TAKEN, Outcome.UNKNOWN
QUICK = Limits(silence=0.3, opening=0.6, deadline=0.6, courtesy=0.6)
ENDLESS = f"250-{'x' * 100}\r\n" * 2_000 + "250 fine"
LESS_QUICK = Limits(silence=2, opening=4, deadline=2, courtesy=2)
"""For a server that shall answer in time afterwards, however much the machine has to do."""


@contextmanager
def transport_to(server, **options):
    transport = SmtpTransport(server, clock=at_monday, **options)
    try:
        yield transport
    finally:
        transport.close()


def outcomes(receipts):
    return [receipt.outcome for receipt in receipts]


def test_one_connection_serves_all_messages_of_all_calls():
    with scripted() as server, transport_to(server.server()) as transport:
        transport.send(digest(), readers(3))
        transport.send(digest(), readers(3))

    assert server.connections == 1
    assert len(server.bodies) == 6


def test_closing_says_goodbye():
    with scripted() as server, transport_to(server.server()) as transport:
        transport.send(digest(), readers(1))
        transport.close()

        assert server.commands[-1].upper() == "QUIT"


def test_the_bytes_on_the_wire_are_the_composed_ones_with_dots_doubled():
    mailing, [message] = digest(text=Marked.plain(".\n..\n.dot\nno dot\n"), html=None), readers(1)

    with scripted() as server, transport_to(server.server()) as transport:
        transport.send(mailing, [message])

    [body] = server.bodies
    composed = Composer(mailing).compose(message, date=MONDAY)
    assert re.sub(rb"(?m)^\.", b"", body.removesuffix(b".\r\n")) == composed
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", body) is None


def test_the_envelope_names_the_sender_and_one_recipient():
    [message] = readers(1)

    with scripted() as server, transport_to(server.server()) as transport:
        transport.send(digest(), [message])

    assert "MAIL FROM:<digest@news.example>" in server.commands
    assert f"RCPT TO:<{message.to}>" in server.commands


@pytest.mark.parametrize(
    ("step", "answer", "outcome"),
    [
        ("MAIL", "451 busy", NOT_TAKEN),
        ("MAIL", "550 sender not allowed", NOT_TAKEN),
        ("RCPT", "450 greylisted", NOT_TAKEN),
        ("RCPT", "550 5.1.1 <x@mail.example> unknown", REJECTED),
        ("RCPT", "554 5.7.1 <x@mail.example>: Relay access denied", NOT_TAKEN),
        ("DATA", "451 not now", NOT_TAKEN),
        ("DATA", "554 not ever", REJECTED),
        ("DOT", "452 no room", NOT_TAKEN),
        ("DOT", "554 looks like spam", REJECTED),
    ],
)
def test_a_refused_message_does_not_disturb_the_next_on_the_same_line(step, answer, outcome):
    with scripted(**{step: [answer]}) as server, transport_to(server.server()) as transport:
        receipts = transport.send(digest(), readers(2))

    assert outcomes(receipts) == [outcome, ACCEPTED]
    assert receipts[0].code == answer[:3]
    assert "@" not in receipts[0].detail
    assert server.connections == 1


@pytest.mark.parametrize(
    ("step", "answer", "outcome"),
    [
        ("MAIL", DROP, NOT_TAKEN),
        ("RCPT", DROP, NOT_TAKEN),
        ("DATA", DROP, NOT_TAKEN),
        ("DOT", DROP, UNKNOWN),
        ("MAIL", "421 too many messages", NOT_TAKEN),
        ("RCPT", "nonsense", NOT_TAKEN),
        ("DATA", "250 not my turn", NOT_TAKEN),
        ("DOT", "nonsense", UNKNOWN),
        ("DOT", "354 what?", UNKNOWN),
        ("DOT", "250 " + "x" * 9000, UNKNOWN),
        ("MAIL", ENDLESS, NOT_TAKEN),
        ("DOT", ENDLESS, UNKNOWN),
    ],
)
def test_a_broken_line_is_judged_by_its_phase_and_the_rest_takes_a_fresh_one(step, answer, outcome):
    with scripted(**{step: [answer]}) as server, transport_to(server.server()) as transport:
        receipts = transport.send(digest(), readers(3))

    assert outcomes(receipts) == [outcome, ACCEPTED, ACCEPTED]
    assert server.connections == 2


def test_a_line_that_breaks_in_the_body_has_delivered_nothing():
    large = digest(
        text=Marked.plain("a line of some length, many times over\n" * 200_000), html=None
    )

    with scripted(DATA=[DROP_IN_BODY]) as server, transport_to(server.server()) as transport:
        receipts = transport.send(large, readers(1))

    assert outcomes(receipts) == [NOT_TAKEN]
    assert receipts[0].detail.startswith("lost at body")


def test_after_a_break_one_fresh_connection_is_tried_and_then_no_other():
    script = {"DOT": ["250 kept", DROP], "GREETING": ["220 hello", DROP]}

    with scripted(**script) as server, transport_to(server.server()) as transport:
        receipts = transport.send(digest(), readers(10))

    assert outcomes(receipts) == [ACCEPTED, UNKNOWN] + [NOT_TAKEN] * 8
    assert server.connections == 2


def test_a_server_that_breaks_at_every_dot_puts_two_messages_in_doubt_and_no_more():
    with scripted(DOT=[DROP] * 9) as server, transport_to(server.server()) as transport:
        receipts = transport.send(digest(), readers(9))

    assert outcomes(receipts) == [UNKNOWN] * 2 + [NOT_TAKEN] * 7
    assert server.connections == 2


def test_an_idle_line_that_the_server_gave_up_is_replaced_before_any_message():
    with scripted(NOOP=[DROP]) as server, transport_to(server.server()) as transport:
        transport.send(digest(), readers(1))

        receipts = transport.send(digest(), readers(2))

    assert outcomes(receipts) == [ACCEPTED, ACCEPTED]
    assert server.connections == 2


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ({"GREETING": [DROP]}, "no-connection"),
        ({"GREETING": ["554 go away"]}, "554"),
        ({"EHLO": ["421 bye"], "HELO": ["421 bye"]}, "421"),
        ({"AUTH": ["535 wrong password of anna@mail.example"] * 9}, "535"),
        ({"EHLO": ["250 no auth here"]}, "no-connection"),
    ],
    ids=["dropped", "refused", "closing", "wrong password", "no login offered"],
)
def test_a_server_that_cannot_be_used_takes_nothing_and_is_asked_once(script, code):
    with scripted(**script) as server, transport_to(server.server("anna")) as transport:
        receipts = transport.send(digest(), readers(3))

    assert outcomes(receipts) == [NOT_TAKEN] * 3
    assert {receipt.code for receipt in receipts} == {code}
    assert not any("@" in receipt.detail or "secret" in receipt.detail for receipt in receipts)
    assert server.connections == 1


@pytest.mark.parametrize("then", [DROP, "421 too many wrong passwords"])
def test_a_wrong_password_is_one_though_the_server_hangs_up_at_the_next_way_to_log_in(then):
    script = {"EHLO": ["250-x\r\n250 AUTH PLAIN LOGIN"], "AUTH": ["535 wrong password", then]}

    with scripted(**script) as server, transport_to(server.server("anna")) as transport:
        receipts = transport.send(digest(), readers(2))

    assert outcomes(receipts) == [NOT_TAKEN] * 2
    assert {(receipt.code, receipt.needs_operator) for receipt in receipts} == {("535", True)}


def test_where_nobody_listens_nothing_is_taken():
    with (
        reserved_port() as port,
        transport_to(SmtpServer("127.0.0.1", port, Security.NONE)) as transport,
    ):
        receipts = transport.send(digest(), readers(2))

    assert outcomes(receipts) == [NOT_TAKEN] * 2
    assert receipts[0].detail == "cannot use the SMTP server: Connection refused"


@pytest.mark.parametrize("step", ["GREETING", "MAIL", "RCPT", "DATA"])
def test_silence_before_the_dot_ends_in_a_time_out_and_takes_nothing(step):
    with (
        scripted(**{step: [SILENCE]}) as server,
        transport_to(server.server(), limits=QUICK) as transport,
    ):
        receipts = transport.send(digest(), readers(1))

    assert outcomes(receipts) == [NOT_TAKEN]


@pytest.mark.parametrize("answer", [SILENCE, DRIP])
def test_silence_or_a_drip_after_the_dot_leaves_doubt_within_the_deadline(answer):
    with (
        scripted(DOT=[answer]) as server,
        transport_to(server.server(), limits=LESS_QUICK) as transport,
    ):
        receipts = transport.send(digest(), readers(2))

    assert outcomes(receipts) == [UNKNOWN, ACCEPTED]


@pytest.mark.parametrize("step", ["GREETING", "EHLO", "AUTH", "MAIL"])
def test_a_drip_before_the_dot_ends_within_the_deadline_and_takes_nothing(step):
    with (
        scripted(**{step: [DRIP]}) as server,
        transport_to(server.server("anna"), limits=QUICK) as transport,
    ):
        receipts = transport.send(digest(), readers(1))

    assert outcomes(receipts) == [NOT_TAKEN]


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_handshake_that_never_ends_is_cut_and_takes_nothing(security):
    script = {"GREETING": ["220 hello"], "EHLO": ["250-x\r\n250 STARTTLS"], "STARTTLS": [SILENCE]}
    if security is Security.TLS:
        script = {"GREETING": [SILENCE]}
    patient = Limits(silence=30, opening=0.4)

    with (
        scripted(**script) as server,
        transport_to(server.server(security=security), limits=patient) as transport,
    ):
        receipts = transport.send(digest(), readers(1))

    assert outcomes(receipts) == [NOT_TAKEN]
    assert "deadline" in receipts[0].detail


def test_a_call_ends_well_before_the_lease_of_its_batch():
    assert Limits().longest_call <= 7 * 60


@pytest.mark.parametrize("host", ["mail..example.org", f"{'a' * 70}.example.org", ".example.org"])
def test_a_host_that_cannot_be_looked_up_waits_for_an_operator(host):
    with transport_to(SmtpServer(host, 25, Security.NONE)) as transport:
        receipts = transport.send(digest(), readers(2))

    assert outcomes(receipts) == [NOT_TAKEN] * 2
    assert all(receipt.needs_operator for receipt in receipts)
    assert "NEWSLETTER_SMTP_URL" in receipts[0].detail


@pytest.mark.parametrize(("user", "password"), [("anna", "hünter"), ("änna", "hunter")])
def test_a_password_that_smtp_cannot_carry_waits_for_an_operator_and_is_not_shown(user, password):
    with scripted() as server:
        there = SmtpServer("127.0.0.1", server.server().port, Security.NONE, user, password)
        with transport_to(there) as transport:
            receipts = transport.send(digest(), readers(2))

    assert outcomes(receipts) == [NOT_TAKEN] * 2
    assert receipts[0].needs_operator
    assert "NEWSLETTER_SMTP_URL" in receipts[0].detail
    assert "ü" not in receipts[0].detail
    assert server.bodies == []


def test_a_challenge_that_cannot_be_read_waits_for_an_operator():
    script = {"EHLO": ["250-x\r\n250 AUTH CRAM-MD5"], "AUTH": ["334 !!!notbase64"]}

    with scripted(**script) as server, transport_to(server.server("anna")) as transport:
        [receipt] = transport.send(digest(), readers(1))

    assert (receipt.outcome, receipt.needs_operator) == (NOT_TAKEN, True)
    assert "notbase64" not in receipt.detail


def test_a_call_that_took_too_long_begins_no_further_message():
    no_patience = Limits(patience=0)

    with (
        scripted() as server,
        transport_to(server.server(), limits=no_patience) as transport,
    ):
        receipts = transport.send(digest(), readers(2))

    assert outcomes(receipts) == [NOT_TAKEN] * 2
    assert server.bodies == []


def test_a_line_that_must_be_secured_is_not_used_without():
    with scripted() as server, transport_to(server.server("anna", Security.STARTTLS)) as transport:
        receipts = transport.send(digest(), readers(1))

    assert outcomes(receipts) == [NOT_TAKEN]
    assert "STARTTLS" in receipts[0].detail
    assert not any(line.startswith("AUTH") for line in server.commands)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    if not (openssl := shutil.which("openssl")):
        pytest.skip("making a certificate needs the openssl command")
    folder = tmp_path_factory.mktemp("tls")
    command = f"{openssl} req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1"
    command += " -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem"
    subprocess.run(command.split(), check=True, cwd=folder, capture_output=True)
    return folder / "cert.pem", folder / "key.pem"


@contextmanager
def secured_mailbox(security, certificate):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    by_command = security is Security.STARTTLS
    options = {"tls_context": context, "require_starttls": True} if by_command else {"ssl_context": context}  # fmt: skip
    with running_mailbox(**options) as mailbox:
        yield mailbox, SmtpServer("127.0.0.1", mailbox.port, security)


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_secured_line_delivers_to_a_server_that_is_trusted(security, certificate):
    trust = ssl.create_default_context(cafile=str(certificate[0]))

    with (
        secured_mailbox(security, certificate) as (mailbox, server),
        transport_to(server, tls=trust) as transport,
    ):
        receipts = transport.send(digest(), readers(2))

    assert outcomes(receipts) == [ACCEPTED] * 2
    assert len(mailbox.kept) == 2


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_certificate_that_is_not_trusted_ends_the_connection(security, certificate):
    with (
        secured_mailbox(security, certificate) as (mailbox, server),
        transport_to(server) as transport,
    ):
        receipts = transport.send(digest(), readers(1))

    assert outcomes(receipts) == [NOT_TAKEN]
    assert "certificate" in receipts[0].detail.lower()
    assert mailbox.kept == []


PIPELINING = "250-loopback\r\n250 PIPELINING"


def test_a_server_that_takes_the_envelope_at_once_gets_it_in_one_packet():
    script = {"EHLO": [PIPELINING], "MAIL": [WHOLE_ENVELOPE] * 3}

    with (
        scripted(**script) as server,
        transport_to(server.server(), limits=LESS_QUICK) as transport,
    ):
        receipts = transport.send(digest(), readers(3))

    assert outcomes(receipts) == [ACCEPTED] * 3
    assert len(server.bodies) == 3
    assert server.connections == 1


@pytest.mark.parametrize(
    ("step", "answer", "outcome"),
    [
        ("MAIL", "451 busy", NOT_TAKEN),
        ("MAIL", "550 sender not allowed", NOT_TAKEN),
        ("RCPT", "450 greylisted", NOT_TAKEN),
        ("RCPT", "550 5.1.1 unknown", REJECTED),
    ],
)
def test_after_a_refused_envelope_that_left_at_once_the_line_goes_on(step, answer, outcome):
    refused = {step: [answer], "DATA": ["503 no recipient"]}
    if step == "MAIL":
        refused["RCPT"] = ["503 no sender"]

    with (
        scripted(EHLO=[PIPELINING], **refused) as server,
        transport_to(server.server()) as transport,
    ):
        receipts = transport.send(digest(), readers(2))

    assert outcomes(receipts) == [outcome, ACCEPTED]
    assert len(server.bodies) == 1
    assert server.connections == 1


@pytest.mark.parametrize("answer", ["250 kept", "451 not now", "554 no valid recipients"])
def test_a_server_that_wants_the_body_of_a_message_to_nobody_gets_an_empty_one(answer):
    script = {"EHLO": [PIPELINING], "RCPT": ["550 5.1.1 unknown"] * 3, "DOT": [answer] * 3}

    with scripted(**script) as server, transport_to(server.server()) as transport:
        receipts = transport.send(digest(), readers(8))

    assert outcomes(receipts) == [REJECTED] * 3 + [ACCEPTED] * 5
    assert server.bodies[:3] == [NOTHING] * 3
    assert NOTHING not in server.bodies[3:]
    assert server.connections == 1


def test_a_server_that_wants_the_body_without_a_sender_gets_an_empty_one():
    script = {"EHLO": [PIPELINING], "MAIL": ["451 busy"], "RCPT": ["503 no sender"]}

    with scripted(**script) as server, transport_to(server.server()) as transport:
        receipts = transport.send(digest(), readers(2))

    assert outcomes(receipts) == [NOT_TAKEN, ACCEPTED]
    assert server.bodies[0] == NOTHING
    assert server.connections == 1


def test_nobody_gets_an_empty_letter_because_the_sender_was_refused_and_they_were_not():
    script = {"EHLO": [PIPELINING, PIPELINING], "MAIL": ["451 busy"]}

    with scripted(**script) as server, transport_to(server.server()) as transport:
        receipts = transport.send(digest(), readers(2))

    assert outcomes(receipts) == [NOT_TAKEN, ACCEPTED]
    assert NOTHING not in server.bodies
    assert server.connections == 2


@pytest.mark.parametrize("answer", [DROP, SILENCE, DRIP, "421 bye", "354 what?", "nonsense"])
def test_a_line_that_breaks_at_the_empty_body_is_given_up(answer):
    script = {
        "EHLO": [PIPELINING, PIPELINING], "RCPT": ["550 5.1.1 unknown"], "DOT": [answer],
    }  # fmt: skip
    impatient = Limits(silence=1, courtesy=2)

    with (
        scripted(**script) as server,
        transport_to(server.server(), limits=impatient) as transport,
    ):
        receipts = transport.send(digest(), readers(2))

    assert outcomes(receipts) == [REJECTED, ACCEPTED]
    assert server.connections == 2


@pytest.mark.parametrize(
    ("step", "outcome"),
    [("MAIL", NOT_TAKEN), ("RCPT", NOT_TAKEN), ("DATA", NOT_TAKEN), ("DOT", UNKNOWN)],
)
def test_a_line_that_breaks_after_an_envelope_at_once_leaves_doubt_only_at_the_dot(step, outcome):
    script = {"EHLO": [PIPELINING, PIPELINING], step: [DROP]}

    with scripted(**script) as server, transport_to(server.server()) as transport:
        receipts = transport.send(digest(), readers(2))

    assert outcomes(receipts) == [outcome, ACCEPTED]
