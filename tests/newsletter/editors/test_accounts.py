"""Who gets in, and that somebody always can say so."""

import pytest
from sqlmodel import select

from newsletter.editors import accounts
from newsletter.editors.acts import COMMAND, Act, Actor
from newsletter.editors.models import ActRow
from newsletter.editors.refusals import AlreadyEditor, NoOwnerAnyMore, NotYourself, UnknownEditor
from newsletter.editors.roles import INCLUDED, MEANINGS, Role, may
from subscribers.address import Address
from tests.factories import MONDAY
from tests.newsletter.editors.people import INES, let_in

OTTO = "otto@desk.example"


def test_every_role_is_declared_and_includes_itself_and_those_before_it():
    assert set(INCLUDED) == set(MEANINGS) == set(Role)
    for place, role in enumerate(Role):
        assert INCLUDED[role] == set(list(Role)[: place + 1])
        assert may(role, role)


def test_one_address_is_one_editor_however_it_is_written(database):
    with database.writing() as session:
        first = let_in(session, address="Ines@Desk.example")
        again = let_in(session, address="ines@DESK.example")

        assert first.id == again.id
        assert len(session.exec(select(ActRow)).all()) == 1
        with pytest.raises(AlreadyEditor):
            let_in(session, Role.OWNER)


def test_who_was_removed_comes_back_as_what_they_are_let_in_as(database):
    with database.writing() as session:
        editor = let_in(session, Role.OWNER)
        accounts.remove(session, editor, actor=COMMAND, now=MONDAY)
        with pytest.raises(UnknownEditor):
            accounts.active_by_address(session, Address.parse(INES))

        assert let_in(session, Role.VIEWER).id == editor.id
        assert accounts.active_by_address(session, Address.parse(INES)).has_role is Role.VIEWER


def test_adding_somebody_again_after_a_change_of_secrets_lets_their_letters_find_them(database):
    with database.writing() as session:
        let_in(session, pepper=b"the old one")
        editor = let_in(session, pepper=b"the new one")

        key = accounts.hidden_key(Address.parse(INES), b"the new one")
        assert accounts.by_hidden_key(session, key) == editor


def test_of_two_owners_who_shut_each_other_out_one_stays(database):
    with database.writing() as session:
        let_in(session, Role.OWNER)
        let_in(session, Role.OWNER, OTTO)
    with database.reading() as session:
        ines, otto = accounts.everybody(session)
    with database.writing() as session:
        whom = accounts.require_other(session, ines, otto.number)
        accounts.remove(session, whom, actor=Actor.of(ines), now=MONDAY)

    with database.writing() as session, pytest.raises(NoOwnerAnyMore):
        accounts.require_other(session, otto, ines.number)


def test_an_owner_changes_anybody_but_themself(database):
    with database.writing() as session:
        owner = let_in(session, Role.OWNER)
        with pytest.raises(NotYourself):
            accounts.require_other(session, owner, owner.number)
        with pytest.raises(UnknownEditor):
            accounts.require_other(session, owner, 999)


def test_what_was_done_is_written_down_with_what_the_actor_was_then(database):
    with database.writing() as session:
        owner, other = let_in(session, Role.OWNER), let_in(session, Role.VIEWER, OTTO)
        accounts.change_role(session, other, Role.EDITOR, actor=Actor.of(owner), now=MONDAY)
        accounts.change_role(session, owner, Role.VIEWER, actor=COMMAND, now=MONDAY)

    with database.reading() as session:
        acts = session.exec(select(ActRow).where(ActRow.act == Act.ROLE_CHANGED)).all()
    assert [(act.actor, act.role, act.subject, act.detail) for act in acts] == [
        (f"editor {owner.id}", "owner", f"editor {other.id}", "viewer to editor"),
        ("a command", None, f"editor {owner.id}", "owner to viewer"),
    ]
