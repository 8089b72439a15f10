"""The client keeps its secrets and asks nobody else where to go."""

import logging

import pytest

from newsletter.delivery.message import Outcome
from newsletter.delivery.transports.postmark import PostmarkTransport
from newsletter.delivery.transports.postmark_client import Client, UnusableToken
from newsletter.testing.postmark.process import TOKEN
from tests.newsletter.delivery.transports.postmark_samples import digest, readers


def test_the_token_is_not_shown():
    client = Client("very-secret", api_url="http://127.0.0.1:1")

    assert "very-secret" not in repr(client)


def test_nothing_is_printed_and_no_handler_is_left(transport, capsys):
    logging.getLogger("Postmarker").setLevel(logging.DEBUG)

    transport.send(digest(), readers(1))

    printed = capsys.readouterr()
    assert printed.out == printed.err == ""
    handlers = logging.getLogger("Postmarker").handlers
    assert all(isinstance(handler, logging.NullHandler) for handler in handlers)


def test_a_proxy_of_the_environment_is_not_used(postmark, handover, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    transport = PostmarkTransport(TOKEN, api_url=postmark.url, handover=handover)

    (receipt,) = transport.send(digest(), readers(1))

    transport.close()
    assert receipt.outcome is Outcome.ACCEPTED


def test_a_path_before_the_api_is_kept(postmark):
    client = Client(TOKEN, api_url=f"{postmark.url}/proxy/")

    answer = client.call("GET", "/server")

    client.close()
    assert answer.trouble.code == "http-404"


@pytest.mark.parametrize("token", ["", "t’k", "tökén", "to ken", "token\n", "tok\x00en"])
def test_a_token_that_no_header_can_hold_is_refused_before_any_message_is_at_stake(token):
    with pytest.raises(UnusableToken, match="NEWSLETTER_POSTMARK_SERVER_TOKEN") as refusal:
        PostmarkTransport(token)

    assert not token.strip() or token not in str(refusal.value)
