"""A passkey is believed when everything about it is right, and once for each challenge."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select
from webauthn.helpers import bytes_to_base64url

from newsletter.editors import accounts, ceremonies, challenges, passkeys, sessions
from newsletter.editors.acts import COMMAND
from newsletter.editors.ceremonies import Terms
from newsletter.editors.models import Editor, Passkey
from newsletter.editors.refusals import RefusedPasskey
from newsletter.editors.relying import Site, site
from tests.factories import MONDAY, PEPPER
from tests.newsletter.editors.authenticator import Authenticator
from tests.newsletter.editors.people import enter, let_in

TERMS = Terms(Site("news.example.com", "https://news.example.com", "Weekly Verdict"), PEPPER)


def registered(session: Session, device: Authenticator, label: str = "my phone") -> Editor:
    visit = enter(session, let_in(session))
    options = ceremonies.to_register(session, TERMS, visit)
    ceremonies.register(session, TERMS, visit, device.make(options), label)
    return visit.editor


def shown(session: Session, device: Authenticator) -> Editor:
    credential = device.show(ceremonies.to_sign_in(TERMS, now=MONDAY))
    return ceremonies.accept(session, TERMS, credential, now=MONDAY)


def test_a_passkey_that_was_registered_says_who_shows_it(database):
    device, other = Authenticator(), Authenticator()
    with database.writing() as session:
        editor = registered(session, device, "  my\n phone ")

        assert shown(session, device).id == editor.id
        with pytest.raises(RefusedPasskey):
            shown(session, other)
        [row] = passkeys.of_editor(session, editor.number)
        session.refresh(row)
        assert (row.label, row.sign_count, row.last_used_at) == ("my phone", 1, MONDAY)


@pytest.mark.parametrize(
    "lie",
    [
        {"host": "evil.example"},
        {"origin": "https://evil.example"},
        {"origin": "https://news.example.com:8443"},
        {"verifies": False},
        {"handle": b"somebody else"},
        {"count": -1},
        {"key": Authenticator().key},
    ],
    ids=["host", "origin", "port", "unverified", "handle", "count", "key"],
)
def test_what_is_not_right_about_it_is_not_believed(database, lie):
    device = Authenticator(count=5)
    with database.writing() as session:
        registered(session, device)
        liar = replace(device, **lie)

        with pytest.raises(RefusedPasskey):
            shown(session, liar)


def test_a_device_may_count_as_far_as_it_can(database):
    device = Authenticator(count=2**32 - 2)
    with database.writing() as session:
        editor = registered(session, device)
        assert shown(session, device).number == editor.number


def test_an_answer_is_good_once_and_an_older_one_never_again(database):
    device = Authenticator()
    with database.writing() as session:
        registered(session, device)
        early = ceremonies.to_sign_in(TERMS, now=MONDAY)
        late = device.show(ceremonies.to_sign_in(TERMS, now=MONDAY + timedelta(seconds=1)))
        ceremonies.accept(session, TERMS, late, now=MONDAY + timedelta(seconds=2))

        for again in (late, device.show(early)):
            with pytest.raises(RefusedPasskey):
                ceremonies.accept(session, TERMS, again, now=MONDAY + timedelta(seconds=3))


def test_a_challenge_is_ours_for_one_thing_and_for_five_minutes(database):
    made = challenges.make(PEPPER, "sign-in", now=MONDAY)
    end = MONDAY + challenges.GOOD_FOR

    assert challenges.made_at(made, PEPPER, "sign-in", now=end - timedelta(seconds=1)) == MONDAY
    assert challenges.made_at(made, PEPPER, "sign-in", now=end) is None
    assert challenges.made_at(made, PEPPER, "register 1", now=MONDAY) is None
    assert challenges.made_at(made, b"another", "sign-in", now=MONDAY) is None
    assert challenges.made_at(made + b"0", PEPPER, "sign-in", now=MONDAY) is None
    assert challenges.made_at(b"\xff..", PEPPER, "sign-in", now=MONDAY) is None


def test_registering_signs_out_everywhere_else_and_goes_on_here(database):
    device = Authenticator()
    with database.writing() as session:
        editor = let_in(session)
        here, there = enter(session, editor), enter(session, editor)
        options = ceremonies.to_register(session, TERMS, here)
        secret = ceremonies.register(session, TERMS, here, device.make(options), "a\0")

        after = sessions.find(session, secret, now=MONDAY)
        open_ = sessions.of_editor(session, editor.number, now=MONDAY)
        assert after
        assert [one.id for one in open_] == [after.session.id]
        assert after.session.id not in (here.session.id, there.session.id)
        assert [one.label for one in passkeys.of_editor(session, editor.number)] == ["a"]


def test_a_passkey_is_registered_once_and_by_whom_it_was_asked_of(database):
    device = Authenticator()
    with database.writing() as session:
        visit = enter(session, let_in(session))
        other = enter(session, let_in(session, address="otto@desk.example"))
        made = device.make(ceremonies.to_register(session, TERMS, visit))
        with pytest.raises(RefusedPasskey):
            ceremonies.register(session, TERMS, other, made, "stolen")
        ceremonies.register(session, TERMS, visit, made, "mine")
        with pytest.raises(RefusedPasskey):
            ceremonies.register(session, TERMS, visit, made, "twice")

        options = json.loads(ceremonies.to_register(session, TERMS, visit))
        assert [known["id"] for known in options["excludeCredentials"]] == [made["id"]]


def test_a_passkey_of_who_was_removed_is_forgotten(database):
    device = Authenticator()
    with database.writing() as session:
        editor = registered(session, device)
        accounts.remove(session, editor, actor=COMMAND, now=MONDAY)

        assert session.exec(select(Passkey)).all() == []
        with pytest.raises(RefusedPasskey):
            shown(session, device)


def test_only_the_owner_of_a_passkey_removes_it(database):
    device = Authenticator()
    with database.writing() as session:
        editor = registered(session, device)
        [row] = passkeys.of_editor(session, editor.number)
        other = enter(session, let_in(session, address="otto@desk.example"))

        assert row.id
        assert passkeys.remove(session, other, row.id) is None
        assert passkeys.remove(session, enter(session, editor), row.id)
        with pytest.raises(RefusedPasskey):
            shown(session, device)


odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "rawId",
                    "type",
                    "response",
                    "clientDataJSON",
                    "authenticatorData",
                    "signature",
                ]
            ),
            inner,
        )
    ),
    max_leaves=8,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(odd=odd, said=odd, part=st.sampled_from(["clientDataJSON", "authenticatorData", "type"]))
def test_odd_credentials_are_refused_and_break_nothing(database, odd, said, part):
    whole = Authenticator().show(ceremonies.to_sign_in(TERMS, now=MONDAY))
    bent = {**whole, "response": {**whole["response"], part: said}}
    for credential in (odd if isinstance(odd, dict) else {"id": odd}, bent):
        with database.reading() as session, pytest.raises(RefusedPasskey):
            ceremonies.accept(session, TERMS, credential, now=MONDAY)


def test_client_data_that_nest_without_end_are_refused(database):
    whole = Authenticator().show(ceremonies.to_sign_in(TERMS, now=MONDAY))
    nested = bytes_to_base64url(b"[" * 7_000)
    bent = {**whole, "response": {**whole["response"], "clientDataJSON": nested}}

    with database.reading() as session, pytest.raises(RefusedPasskey):
        ceremonies.accept(session, TERMS, bent, now=MONDAY)


@pytest.mark.parametrize(
    ("base_url", "origin"),
    [
        ("https://news.example.com", "https://news.example.com"),
        ("https://news.example.com:443", "https://news.example.com"),
        ("https://news.example.com:8443/letters", "https://news.example.com:8443"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://127.0.0.1:8000", None),
        ("https://192.0.2.7", None),
        ("http://news.example.com", None),
    ],
)
def test_passkeys_are_made_where_browsers_make_them(base_url, origin):
    found = site(base_url, "Weekly Verdict")

    assert (found and found.origin) == origin
