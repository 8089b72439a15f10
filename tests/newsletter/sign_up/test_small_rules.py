"""Stamps, networks, domains and wording: rules of a line or two."""

import hashlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.sign_up.domains import LARGE, is_disposable, mailbox, suggestion
from newsletter.sign_up.places import NOWHERE, hidden, network
from newsletter.sign_up.stamp import HASTE, is_hasty, stamp
from newsletter.sign_up.wording import ELSEWHERE, VERSION, present, shown
from tests.factories import MONDAY

KEY = b"a key of the tests"


def test_a_form_that_comes_back_at_once_is_hasty():
    given = stamp(KEY, MONDAY)

    assert is_hasty(KEY, given, MONDAY)
    assert is_hasty(KEY, given, MONDAY + HASTE - timedelta(seconds=1))
    assert not is_hasty(KEY, given, MONDAY + HASTE)


@pytest.mark.parametrize("given", ["", "-", "0-0", "5f0-é", "\ud800", "zz-00", "-" * 99])
def test_a_form_without_a_stamp_of_ours_is_not_hasty(given):
    assert not is_hasty(KEY, given, MONDAY)


@given(st.text(max_size=60))
def test_any_text_may_stand_where_the_stamp_belongs(text):
    assert not is_hasty(KEY, text, MONDAY)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", NOWHERE),
        ("", NOWHERE),
        (None, NOWHERE),
    ],
)
def test_a_network_is_what_one_household_has(host, expected):
    assert network(host) == expected


def test_a_network_is_kept_as_a_keyed_hash():
    assert hidden(KEY, "network", "192.0.2.0/24") != hidden(b"other", "network", "192.0.2.0/24")
    assert hidden(KEY, "network", "a") != hidden(KEY, "domain", "a")


@pytest.mark.parametrize(
    ("key", "kept_as"),
    [
        ("ines@reader.example", "ines@reader.example"),
        ("ines+news+1@reader.example", "ines@reader.example"),
        ("i.nes@reader.example", "i.nes@reader.example"),
        ("i.nes+a@gmail.com", "ines@gmail.com"),
        ("i.n.e.s@googlemail.com", "ines@gmail.com"),
        ("+news@reader.example", "+news@reader.example"),
    ],
)
def test_a_mailbox_is_what_its_provider_makes_of_an_address(key, kept_as):
    assert mailbox(key) == kept_as


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmal.com", "gmail.com"),
        ("hotmial.com", "hotmail.com"),
        ("outlok.com", "outlook.com"),
        ("yaho.com", "yahoo.com"),
        ("iclod.com", "icloud.com"),
    ],
)
def test_a_slip_in_a_large_domain_is_noticed(typed, meant):
    assert suggestion(typed) == meant


@pytest.mark.parametrize(
    "domain",
    [
        *LARGE,
        "mail.com",
        "ymail.com",
        "yahoo.ca",
        "hotmail.fr",
        "outlook.fr",
        "example.org",
        "x.de",
    ],
)
def test_a_domain_that_is_right_is_left_alone(domain):
    assert suggestion(domain) is None


def test_throw_away_mailboxes_are_known_with_their_subdomains():
    assert is_disposable("mailinator.com")
    assert is_disposable("a.b.mailinator.com")
    assert not is_disposable("example.org")
    assert not is_disposable("gmail.com")


def test_whoever_changes_the_words_changes_their_version_too():
    digest = hashlib.sha256(present("NAME").text.encode()).hexdigest()[:12]

    assert (VERSION, digest) == ("2026-11-21", "058ee2ef5356")


def test_the_words_of_another_makers_form_are_not_claimed_to_be_ours():
    ours = shown(VERSION, "NAME", "https://a.example/")
    theirs = shown("", "NAME", "https://a.example/")

    assert ours == present("NAME")
    assert theirs.version == ELSEWHERE
    assert "https://a.example/" in theirs.text
