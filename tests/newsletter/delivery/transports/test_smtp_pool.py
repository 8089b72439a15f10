"""Connections under several threads: never more than threads, and as few as the server grants."""

import smtplib
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest

from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.transports.smtp import SmtpTransport
from newsletter.delivery.transports.smtp_pool import Pool
from newsletter.delivery.transports.smtp_session import Limits, Session
from tests.newsletter.delivery.transports.letters import at_monday, digest, readers
from tests.newsletter.delivery.transports.smtp_servers import Scripted, scripted

FULL = "421 4.7.0 too many connections from you"
LONG = 60.0


def send_in_threads(transport: SmtpTransport, threads: int, calls: int) -> list[Receipt]:
    mailing = digest()
    with ThreadPoolExecutor(threads) as pool:
        answers = pool.map(lambda _: transport.send(mailing, readers(3)), range(calls))
        return [receipt for receipts in answers for receipt in receipts]


def opener(server: Scripted, asked: threading.Event | None = None) -> Callable[[], Session]:
    """Give what opens real connections, and tells when it begins to."""

    def opened() -> Session:
        if asked is not None:
            asked.set()
        return Session(server.server(), tls=ssl.create_default_context(), limits=Limits())

    return opened


def test_there_are_no_more_connections_than_threads_and_calls_that_follow_use_them_again():
    with scripted() as server:
        transport = SmtpTransport(server.server(), clock=at_monday)
        receipts = send_in_threads(transport, threads=4, calls=20)
        transport.close()

    assert {receipt.outcome for receipt in receipts} == {Outcome.ACCEPTED}
    assert len(receipts) == len(server.bodies) == 60
    assert server.connections <= 4


def test_where_a_server_grants_two_connections_six_threads_take_turns_and_nothing_is_refused():
    granted = ["220 hello", "220 hello", *[FULL] * 500]

    with scripted(GREETING=granted) as server:
        transport = SmtpTransport(server.server(), clock=at_monday)
        receipts = send_in_threads(transport, threads=6, calls=18)
        transport.close()

    assert {receipt.outcome for receipt in receipts} == {Outcome.ACCEPTED}
    assert len(server.bodies) == 54


def test_who_finds_the_server_full_gets_the_connection_that_another_thread_brings_back():
    asked = threading.Event()
    with scripted(GREETING=["220 hello", FULL, FULL]) as server:
        pool = Pool(opener(server, asked), idle=LONG)
        first = pool.take(monotonic() + LONG)
        asked.clear()
        with ThreadPoolExecutor(1) as other:
            second = other.submit(pool.take, monotonic() + LONG)
            assert asked.wait(LONG)
            pool.put_back(first)

            assert second.result(LONG) is first
        first.close()


def test_a_server_that_is_full_of_others_takes_nothing_and_it_is_tried_again_later():
    with scripted(GREETING=[FULL]) as server:
        transport = SmtpTransport(server.server(), clock=at_monday)
        [receipt] = transport.send(digest(), readers(1))
        transport.close()

    assert (receipt.outcome, receipt.code) == (Outcome.NOT_TAKEN, "421")
    assert not receipt.needs_operator


def test_nobody_waits_for_a_connection_longer_than_its_call_has_time():
    with scripted(GREETING=["220 hello", FULL]) as server:
        pool = Pool(opener(server), idle=LONG)
        lent = pool.take(monotonic() + LONG)

        with pytest.raises(smtplib.SMTPConnectError):
            pool.take(monotonic())
        lent.close()


def test_a_connection_that_nobody_needs_is_closed_and_the_next_call_opens_another():
    with scripted() as server:
        transport = SmtpTransport(server.server(), clock=at_monday, limits=Limits(idle=0.02))
        transport.send(digest(), readers(1))

        assert server.goodbyes.acquire(timeout=LONG)
        [receipt] = transport.send(digest(), readers(1))
        assert server.goodbyes.acquire(timeout=LONG)

    assert receipt.outcome is Outcome.ACCEPTED
    assert server.connections == 2


def test_all_connections_of_a_busy_hour_are_closed_not_only_the_last():
    with scripted() as server:
        pool = Pool(opener(server), idle=0.02)
        lent = [pool.take(monotonic() + LONG) for _ in range(3)]
        for session in lent:
            pool.put_back(session)

        assert all(server.goodbyes.acquire(timeout=LONG) for _ in lent)
