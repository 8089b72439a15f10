"""Delivery reports of several systems, as attachments, as raw mail and in words alone."""

from base64 import b64decode, encodebytes
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.inbound.mail import InboundMail
from newsletter.inbound.report_text import read_text
from newsletter.inbound.reports import Fate, Report, read_report
from newsletter.inbound.statuses import Status
from tests.newsletter.inbound.letters import payload
from tests.newsletter.inbound.returned import (
    AWAY,
    OLD_EXIM,
    POSTFIX,
    QMAIL,
    SYSTEMS,
    System,
    report,
    saying,
)

COPY = "12-0a0b0c0d0e0f010203"


def read(system: System, *, raw: bool = False) -> Report | None:
    mail = InboundMail.read(report(system, COPY, "token", raw=raw))
    return read_report(mail) or read_text(mail)


@pytest.mark.parametrize("raw", [False, True], ids=["attachments", "raw"])
@pytest.mark.parametrize("name", SYSTEMS)
def test_whoever_reports_that_there_is_no_such_mailbox_is_understood(name, raw):
    found = read(SYSTEMS[name], raw=raw)

    assert found is not None
    assert found.fate is Fate.FAILED
    assert (found.status.kind, found.status.subject) == (5, 1)
    assert COPY in found.names


@pytest.mark.parametrize(
    ("status", "action", "fate"),
    [
        ("5.1.1", "failed", Fate.FAILED),
        ("4.4.7", "failed", Fate.FAILED),
        ("4.4.1", "delayed", Fate.DELAYED),
        ("2.0.0", "delivered", Fate.ARRIVED),
        ("2.1.9", "relayed", Fate.ARRIVED),
        ("2.1.5", "expanded", Fate.ARRIVED),
        ("5.2.2", "Failed (for good)", Fate.FAILED),
        ("4.2.2", "", Fate.DELAYED),
        ("5.1.1", "something new", Fate.FAILED),
    ],
)
def test_the_action_decides_and_where_there_is_none_the_code(status, action, fate):
    found = read(saying(status, action))

    assert found is not None
    assert found.fate is fate


def test_where_a_system_does_not_say_why_the_server_it_asked_does():
    found = read(saying("5.0.0", words="550 5.2.2 over quota"))

    assert found is not None
    assert found.status == Status(5, 2, 2)


def test_where_a_system_makes_no_such_mailbox_of_a_policy_the_server_it_asked_counts():
    found = read(saying("5.1.3", words="553 that domain is not one of ours (#5.7.1)"))

    assert found is not None
    assert found.status == Status(5, 7, 1)


def test_a_letter_that_reached_one_of_several_mailboxes_has_arrived():
    fields = "Action: failed\nStatus: 5.1.1\n\nAction: delivered\nStatus: 2.0.0"

    found = read(replace(POSTFIX, fields=fields))

    assert found is not None
    assert found.fate is Fate.ARRIVED


@pytest.mark.parametrize("raw", [False, True], ids=["attachments", "raw"])
def test_a_report_about_an_address_in_another_script_is_understood(raw):
    told = report(POSTFIX, COPY, "token", raw=raw)
    for part in told["Attachments"]:
        part["ContentType"] = part["ContentType"].replace("/delivery", "/global-delivery")
    if raw:
        told["RawEmail"] = told["RawEmail"].replace("message/delivery", "message/global-delivery")

    found = read_report(InboundMail.read(told))

    assert found is not None
    assert (found.fate, found.status) == (Fate.FAILED, Status(5, 1, 1))


def test_an_attachment_in_lines_is_read_like_one_in_a_single_line():
    told = report(POSTFIX, COPY, "token")
    for part in told["Attachments"]:
        part["Content"] = encodebytes(b64decode(part["Content"])).decode()

    assert read_report(InboundMail.read(told)) is not None


def test_a_failure_in_words_alone_without_a_code_is_one_of_which_nobody_says_why():
    found = read(OLD_EXIM)

    assert found is not None
    assert (found.fate, found.status, COPY in found.names) == (Fate.FAILED, Status(5), True)


@pytest.mark.parametrize(
    "system",
    [
        pytest.param(AWAY, id="somebody is away"),
        pytest.param(replace(AWAY, headers=()), id="and does not say that a machine wrote"),
        pytest.param(replace(QMAIL, sender="ines@example.org"), id="a person tells of a bounce"),
        pytest.param(replace(QMAIL, words="Kept.\n\nLETTER"), id="only our letter has a number"),
        pytest.param(replace(QMAIL, words="The subject is 5.1.1"), id="only our subject has one"),
        pytest.param(replace(QMAIL, words="250 2.1.5 fine"), id="a success, in words"),
        pytest.param(replace(POSTFIX, fields="Nothing: here"), id="a part without an outcome"),
    ],
)
def test_what_is_no_report_of_a_mail_system_is_none(system):
    assert read(replace(system, returned=None)) is None


@given(st.text(), st.text())
def test_whatever_is_posted_as_a_report_is_read_without_a_fault(raw, content):
    kinds = ["message/delivery-status", "message/global-delivery-status", "message/rfc822"]
    odd = [{"ContentType": kind, "Content": content} for kind in kinds]

    read_report(InboundMail.read(payload(RawEmail=raw)))
    read_report(InboundMail.read(payload(Attachments=[*odd, None, {"ContentType": 7}])))


def test_a_report_does_not_show_the_words_of_a_server():
    assert "@" not in repr(read(POSTFIX))
