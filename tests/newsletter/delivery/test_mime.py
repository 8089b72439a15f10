import re
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.delivery.mime import Composer, UnsafeHeader
from newsletter.rendering.personal import Marked
from tests.newsletter.delivery.transports.letters import MONDAY, digest, reader

READER = reader("anna")


def composed(message=READER, **changes):
    return Composer(digest(**changes)).compose(message, date=MONDAY)


def parsed(content):
    return message_from_bytes(content, policy=default)


def head_and_body(content):
    head, _, body = content.partition(b"\r\n\r\n")
    return head.split(b"\r\n"), body.split(b"\r\n")


def test_the_plain_text_comes_first_and_the_html_is_the_richer_alternative():
    mail = parsed(composed())

    assert mail.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in mail.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    assert {part["Content-Transfer-Encoding"] for part in mail.iter_parts()} == {"quoted-printable"}
    assert mail.defects == []


def test_the_whole_head_is_written_once_and_in_order():
    head, _ = head_and_body(composed(sender="Verdict <digest@news.example>", subject="A vs B"))

    assert head == [
        b"From: Verdict <digest@news.example>",
        b"Subject: A vs B",
        b"Reply-To: editors@news.example",
        b"To: anna@mail.example",
        b"Message-ID: <12.anna@news.example>",
        b"List-Unsubscribe: <https://n.example/u/" + READER.values["unsubscribe"].encode() + b">",
        b"List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        b"Date: Mon, 23 Nov 2026 08:00:00 +0000",
        b"MIME-Version: 1.0",
        b'Content-Type: multipart/alternative; boundary="=_alternative"',
    ]


def test_the_same_copy_is_the_same_bytes_at_every_attempt():
    mailing = digest()

    first, second = (Composer(mailing).compose(READER, date=MONDAY) for _ in range(2))

    assert first == second


def test_no_body_line_is_longer_than_76_bytes_and_no_line_end_stands_alone():
    long_lines = Marked.plain("Wörter ohne Umbruch " * 500 + "\rold\r\nmixed\nlines \t\n.\n")

    content = composed(text=long_lines, html=long_lines)

    assert max(map(len, head_and_body(content)[1])) <= 76
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", content) is None
    assert content.isascii()
    assert content.endswith(b"\r\n")


@pytest.mark.parametrize("subject", ["Ü" * 200, "a=?utf-8?q?b?=", "“A” vs „B“ 🦊"])
def test_a_subject_outside_ascii_is_folded_into_short_encoded_words(subject):
    content = composed(subject=subject)

    assert parsed(content)["Subject"] == subject
    [folded] = re.findall(rb"Subject: .*?\r\n(?! )", content, re.DOTALL)
    assert max(map(len, folded.split(b"\r\n"))) <= 76


@pytest.mark.parametrize("sign", ["\r", "\n", "\r\n", "\x00", "\x0b", "\x7f", "\x85", "\u2028"])
@pytest.mark.parametrize("place", ["subject", "sender", "reply_to", "header"])
def test_a_control_character_in_what_all_share_is_refused_at_once(place, sign):
    value = f"digest{sign}Bcc: all@mail.example <digest@news.example>"
    changes = {"headers": (("List-Id", Marked.plain(value)),)} if place == "header" else {place: value}  # fmt: skip

    with pytest.raises(UnsafeHeader, match="control character"):
        Composer(digest(**changes))


@pytest.mark.parametrize("sign", ["\r\n", "\n", "\x00", "\u2029"])
def test_a_control_character_in_a_readers_own_value_is_refused_for_that_reader(sign):
    values = {"unsubscribe": f"token>{sign}Bcc: all@mail.example", "email": "x"}

    with pytest.raises(UnsafeHeader, match="List-Unsubscribe"):
        composed(reader("anna", values=values))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "anna",
        "anna@",
        "@mail.example",
        "Anna <anna@mail.example>",
        "anna@mail.example, bert@mail.example",
        "anna@mail.example\r\nBcc: bert@mail.example",
        "anna@mail.example\nbert@mail.example",
        "anna@mail.example\n",
        "anna @mail.example",
        "jürgen@mail.example",
        "anna@straße.example",
        "anna@mail.example@mail.example",
        "anna@[127.0.0.1]",
    ],
)
def test_anything_but_one_plain_address_is_refused_and_not_repeated(address):
    with pytest.raises(UnsafeHeader) as refused:
        composed(reader("anna", to=address))

    assert refused.value.code == "unsafe-header"
    assert "anna" not in str(refused.value)


@pytest.mark.parametrize("name", ["From", "bcc", "Message-ID", "Content-Type", "X Y", "X:Y", ""])
def test_a_mailing_cannot_write_the_headers_that_are_written_here(name):
    with pytest.raises(UnsafeHeader, match="not a mailing's"):
        Composer(digest(headers=((name, Marked.plain("value")),)))


def test_a_header_that_would_have_to_be_folded_is_refused():
    with pytest.raises(UnsafeHeader, match="longer"):
        Composer(digest(headers=(("List-Unsubscribe", Marked.plain("x" * 901)),)))


@pytest.mark.parametrize(
    ("delivery_id", "expected"),
    [
        ("12.a_B-3", r"<12\.a_B-3@news\.example>"),
        ("12 / ä", r"<[0-9a-f]{32}@news\.example>"),
        ("a@b", r"<[0-9a-f]{32}@news\.example>"),
        ("..", r"<[0-9a-f]{32}@news\.example>"),
    ],
)
def test_a_message_id_is_always_one_that_may_be_written(delivery_id, expected):
    composer = Composer(digest())

    assert re.fullmatch(expected, composer.message_id(reader("anna", delivery_id=delivery_id)))


@pytest.mark.parametrize(
    "names", [[], ["12-a", "12-b"], ["", "a"], ["a.", "b"], ["a", "é"], ["a.b"]]
)
def test_the_message_ids_of_many_are_those_of_each(names):
    composer = Composer(digest())
    messages = [reader("anna", delivery_id=name) for name in names]

    assert composer.message_ids(messages) == [composer.message_id(one) for one in messages]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120), st.text(max_size=300), st.text(max_size=40))
def test_whatever_is_written_comes_out_again_or_is_refused(subject, text, value):
    mailing = digest(subject=subject, text=Marked.plain(text), html=None)
    message = reader("anna", values={"unsubscribe": value, "email": value})

    try:
        content = Composer(mailing).compose(message, date=MONDAY)
    except UnsafeHeader:
        return

    mail = parsed(content)
    assert mail.keys().count("Subject") == 1
    assert "Bcc" not in mail
    assert mail["To"] == "anna@mail.example"
    lines = re.split("\r\n|\r|\n", text.rstrip("\r\n"))
    assert mail.get_content().split("\r\n")[:-1] == lines
