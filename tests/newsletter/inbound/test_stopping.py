import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.inbound.mail import InboundMail
from newsletter.inbound.phrases import LANGUAGES
from newsletter.inbound.reply import own_lines
from newsletter.inbound.stopping import asks_to_stop, says_stop
from newsletter.inbound.words import plain
from tests.newsletter.inbound.letters import ODD, OTHERS, STOPS, payload, reply, whole_reply


@pytest.mark.parametrize("name", STOPS)
def test_a_wish_for_no_more_letters_is_understood(name):
    assert asks_to_stop(InboundMail.read(STOPS[name]))


@pytest.mark.parametrize("name", OTHERS)
def test_anything_else_is_not_taken_for_one(name):
    assert not asks_to_stop(InboundMail.read(OTHERS[name]))


@pytest.mark.parametrize("name", ODD)
def test_what_nobody_writes_is_read_without_a_fault(name):
    assert not asks_to_stop(InboundMail.read(ODD[name])) or ODD[name].get("StrippedTextReply")


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.stops.split(",")[1].strip())
def test_every_phrase_of_a_language_is_one_in_any_dress(language):
    for phrase in filter(None, map(str.strip, language.stops.replace("\n", " ").split(","))):
        assert says_stop([f"{phrase.upper()}!"]), phrase


@given(st.text(max_size=200))
def test_no_noise_is_understood_unless_it_is_a_phrase(noise):
    if not plain(noise):
        assert not says_stop([noise])
    assert not says_stop([noise, "and here is why the Fox is better than the Hound this week"])


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("stop\n> quoted", ["stop"]),
        ("Thanks!\n\nAm 23.11.2026 um 09:00 schrieb Weekly Verdict:\n> x", ["Thanks!"]),
        ("Hej\n\nDen mån 23 nov. 2026 kl 09:00 skrev <digest@news.example>:\nx", ["Hej"]),
        ("Moi\n\n________________________________\nFrom: Weekly Verdict", ["Moi"]),
        ("one\ntwo\n\n--\nIna", ["one", "two"]),
        ("one\n\nGet Outlook for Android", ["one"]),
        ("at 10:30 we met", ["at 10:30 we met"]),
    ],
)
def test_what_somebody_wrote_ends_where_a_quoted_letter_or_a_signature_begins(text, own):
    assert own_lines(InboundMail.read(whole_reply(text))) == own


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("  DÉSABONNEZ-MOI !", "desabonnez moi"),
        ("LÜTFEN BENİ ÇIKAR", "lutfen beni cikar"),
        ("çıkar", "cikar"),
        ("Grüße, Straße", "grusse strasse"),
        ("Æ ø ł", "ae o l"),
        ("…", ""),
    ],
)
def test_words_are_compared_without_their_dress(written, said):
    assert plain(written) == said


def test_a_mail_shows_nothing_of_itself():
    mail = InboundMail.read(reply("a secret"))

    assert repr(mail) == f"InboundMail({mail.message_id})"


def test_only_an_id_that_can_be_kept_is_kept():
    assert InboundMail.read(payload(MessageID="a b")).message_id == ""
    assert InboundMail.read(payload(MessageID="x" * 200)).message_id == ""
    assert InboundMail.read(payload()).message_id == payload()["MessageID"]
