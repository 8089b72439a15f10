"""Sessions end when they should, and with them whatever hangs on them."""

from datetime import timedelta

import pytest
from sqlmodel import select

from newsletter.editors import accounts, entering, sessions
from newsletter.editors.acts import COMMAND
from newsletter.editors.models import EditorSession
from newsletter.editors.roles import Role
from newsletter.editors.sessions import FRESH, IDLE, LONGEST
from tests.factories import MONDAY
from tests.newsletter.editors.people import enter, let_in

A_MINUTE = timedelta(minutes=1)


def test_no_row_holds_a_secret(database):
    with database.writing() as session:
        secret = sessions.begin(session, let_in(session), "link", now=MONDAY)

    with database.reading() as session:
        [row] = session.exec(select(EditorSession)).all()
    assert len(secret) == 47
    assert secret not in repr(row.model_dump())


def test_a_session_is_over_after_a_time_without_a_sign_of_life(database):
    with database.writing() as session:
        secret = sessions.begin(session, let_in(session), "link", now=MONDAY)

        assert sessions.find(session, secret, now=MONDAY + IDLE - A_MINUTE)
        assert not sessions.find(session, secret, now=MONDAY + IDLE)


def test_however_busy_it_is_over_after_a_week(database):
    with database.writing() as session:
        secret = sessions.begin(session, let_in(session), "link", now=MONDAY)
        now = MONDAY
        while visit := sessions.find(session, secret, now=now):
            sessions.seen(session, visit)
            now += timedelta(hours=6)

    assert now == MONDAY + LONGEST


def test_a_sign_of_life_is_written_down_once_a_minute(database):
    with database.writing() as session:
        secret = sessions.begin(session, let_in(session), "link", now=MONDAY)
        news = [
            visit.is_news
            for seconds in (0, 59, 60)
            if (visit := sessions.find(session, secret, now=MONDAY + timedelta(seconds=seconds)))
        ]

    assert news == [False, False, True]


def test_a_sign_in_is_fresh_for_ten_minutes(database):
    with database.writing() as session:
        secret = sessions.begin(session, let_in(session), "link", now=MONDAY)
        visits = [sessions.find(session, secret, now=MONDAY + FRESH + A_MINUTE * n) for n in (0, 1)]

    assert [visit and visit.is_fresh for visit in visits] == [True, False]


def test_who_signs_in_anew_gets_another_session_and_the_old_one_is_over(database):
    with database.writing() as session:
        editor = let_in(session)
        old = entering.enter(session, editor, "link", now=MONDAY)
        new = entering.enter(session, editor, "passkey", now=MONDAY, instead_of=old)

        assert not sessions.find(session, old, now=MONDAY)
        assert sessions.find(session, new, now=MONDAY)


@pytest.mark.parametrize("change", ["role", "removed", "signed out by command"])
def test_whatever_changes_about_somebody_ends_their_sessions_and_nobody_elses(database, change):
    with database.writing() as session:
        editor, other = let_in(session), let_in(session, Role.OWNER, "otto@desk.example")
        mine = [sessions.begin(session, editor, "link", now=MONDAY) for _ in range(2)]
        theirs = sessions.begin(session, other, "link", now=MONDAY)
        if change == "role":
            accounts.change_role(session, editor, Role.VIEWER, actor=COMMAND, now=MONDAY)
        elif change == "removed":
            accounts.remove(session, editor, actor=COMMAND, now=MONDAY)
        else:
            assert entering.end_sessions(session, editor, COMMAND, now=MONDAY) == 2

        assert [sessions.find(session, secret, now=MONDAY) for secret in mine] == [None, None]
        assert sessions.find(session, theirs, now=MONDAY)


def test_who_was_removed_has_no_session_even_if_one_was_left(database):
    with database.writing() as session:
        editor = let_in(session)
        accounts.remove(session, editor, actor=COMMAND, now=MONDAY)
        left = sessions.begin(session, editor, "link", now=MONDAY)

        assert not sessions.find(session, left, now=MONDAY)


def test_going_on_in_a_new_session_makes_it_neither_longer_nor_fresher(database):
    later = MONDAY + timedelta(minutes=5)
    with database.writing() as session:
        editor = let_in(session)
        secret = sessions.begin(session, editor, "link", now=MONDAY)
        other = sessions.begin(session, editor, "link", now=MONDAY)
        visit = sessions.find(session, secret, now=later)
        assert visit
        renewed = sessions.renew(session, visit)
        after = sessions.find(session, renewed, now=later)

        assert after
        assert (after.session.created_at, after.session.fresh_at) == (MONDAY, MONDAY)
        assert [sessions.find(session, old, now=later) for old in (secret, other)] == [None, None]


def test_others_are_ended_and_the_present_one_goes_on(database):
    with database.writing() as session:
        editor = let_in(session)
        here, there = enter(session, editor), enter(session, editor)
        foreign = enter(session, let_in(session, address="otto@desk.example"))

        assert entering.end_others(session, here, foreign.session.id) == 0
        assert entering.end_others(session, here) == 1
        open_ = sessions.of_editor(session, editor.number, now=MONDAY)
        assert [one.id for one in open_] == [here.session.id]
        assert there.session.id != here.session.id
