import pytest

from newsletter.delivery.transports.smtp_url import (
    InvalidSmtpUrl,
    Security,
    SmtpServer,
    parse_smtp_url,
)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://localhost", SmtpServer("localhost", 25, Security.NONE)),
        ("smtp://127.0.0.1:1025/", SmtpServer("127.0.0.1", 1025, Security.NONE)),
        ("smtps://mail.example", SmtpServer("mail.example", 465, Security.TLS)),
        (
            "smtp+starttls://anna:p%40ss%2F%3A@mail.example",
            SmtpServer("mail.example", 587, Security.STARTTLS, "anna", "p@ss/:"),
        ),
        (
            "smtp://anna%40mail.example:x@[::1]:2525",
            SmtpServer("::1", 2525, Security.NONE, "anna@mail.example", "x"),
        ),
    ],
)
def test_an_address_says_how_to_reach_the_server(url, expected):
    assert parse_smtp_url(url) == expected


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("mail.example:25", "must begin with smtp://, smtp.starttls://, smtps://"),
        ("https://mail.example", "must begin with"),
        ("smtp://", "names no host"),
        ("smtp://:25", "names no host"),
        ("smtp://mail.example:mail", "port"),
        ("smtp://mail.example:99999", "port"),
        ("smtp://[::1", "host is damaged"),
        ("smtp://anna@mail.example", "user and password, or neither"),
        ("smtp://:s3cret@mail.example", "user and password, or neither"),
        ("smtp://mail.example/inbox", "end after host and port"),
        ("smtp://mail.example?tls=1", "end after host and port"),
        ("smtp://anna:s3cret/x@mail.example", "port"),
    ],
)
def test_an_address_that_cannot_be_meant_is_refused_without_showing_the_password(url, complaint):
    with pytest.raises(InvalidSmtpUrl, match=complaint) as refused:
        parse_smtp_url(url)

    assert "s3cret" not in str(refused.value)


def test_a_server_does_not_show_its_password():
    assert "s3cret" not in repr(parse_smtp_url("smtp://anna:s3cret@mail.example"))
