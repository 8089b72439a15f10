import io
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from subscribers import import_log
from subscribers.csv_reading import open_table
from subscribers.erasing import erase
from subscribers.errors import NoImportToUndo
from subscribers.import_chunk import ImportTerms
from subscribers.import_log import MARKS_FOR, Import, ImportMark
from subscribers.importing import import_table, rehearse
from subscribers.models import ConsentEntry, StateChange, Subscriber, Suppression, SuppressionReason
from subscribers.queries import by_address, consents_of
from subscribers.states import State
from subscribers.suppression import block, suppress
from subscribers.undoing import Undone, undo, undoable
from subscribers.unsubscribe import unsubscribe
from tests.subscribers.people import INES, NOW, OMAR, PEPPER, make_subscriber
from tests.subscribers.test_importing import FILES, RIVALS
from tests.suppression import is_suppressed

TERMS = ImportTerms("ticked the box on the old site's form", PEPPER, NOW)
LATER = NOW + timedelta(hours=1)


def ines(session: Session) -> Subscriber:
    found = by_address(session, INES)
    assert found is not None
    return found


def nobody(session, newcomers, asked):
    return ()


def bring(session, content, terms=TERMS):
    raw = content.encode() if isinstance(content, str) else content
    return list(import_table(session, open_table(io.BytesIO(raw)), terms))


def everything(session):
    """All that can be undone: rows as plain values, but for the list of imports itself."""
    session.flush()
    session.expire_all()
    kinds = (Subscriber, StateChange, ConsentEntry, Suppression, ImportMark)
    return sorted(
        repr(sorted(row.model_dump().items()))
        for kind in kinds
        for row in session.exec(select(kind))
    )


@pytest.mark.parametrize("name", [name for name in RIVALS if name != "header_only.csv"])
def test_taken_back_all_is_as_it_was(database, name):
    content = (FILES / name).read_bytes()
    with database.writing() as session:
        for address in (INES, OMAR):
            make_subscriber(session, address)
    with database.writing() as session:
        before = everything(session)
        bring(session, content)
    with database.writing() as session:
        undo(session, nobody, now=LATER)
    with database.reading() as session:
        assert everything(session) == before


STRICT = "email,name,status,tags\nines@reader.example,Ines N,suppressed,a\nnew@reader.example,N,blocked,b\n"


@pytest.mark.parametrize("state", [State.ACTIVE, State.PENDING, State.PAUSED, State.BOUNCED])
def test_people_who_were_here_are_what_they_were(database, state):
    with database.writing() as session:
        one = make_subscriber(session, INES, state=state)
        block(session, [one.address_hash or ""], SuppressionReason.BOUNCE, now=NOW, note="by hand")
    with database.writing() as session:
        before = everything(session)
        bring(session, STRICT + "ines@reader.example,,active,c\n")
        assert ines(session).state == State.SUPPRESSED
    with database.writing() as session:
        assert undo(session, nobody, now=LATER) == Undone(removed=1, restored=1)
    with database.reading() as session:
        assert everything(session) == before


def test_who_left_or_was_told_something_since_stays(database):
    with database.writing() as session:
        make_subscriber(session, INES)
        bring(
            session,
            "email,name\nines@reader.example,Inés\nleft@r.example,\ntold@r.example,\nnew@r.example,\n",
        )
        people = {one.email: one for one in session.exec(select(Subscriber))}
        unsubscribe(session, people["left@r.example"].public_id, now=NOW, source="page")
        unsubscribe(session, people["ines@reader.example"].public_id, now=NOW, source="page")
        told = people["told@r.example"].number
    with database.writing() as session:
        done = undo(
            session,
            lambda _, new, _asked: [told] if told in {n.number for n in new} else [],
            now=LATER,
        )
        left = {one.email: one.state for one in session.exec(select(Subscriber))}

    assert done == Undone(removed=1, kept=3)
    assert left == {
        "ines@reader.example": State.UNSUBSCRIBED,
        "left@r.example": State.UNSUBSCRIBED,
        "told@r.example": State.ACTIVE,
    }


def test_what_somebody_chose_since_is_not_overwritten(database):
    with database.writing() as session:
        make_subscriber(session, INES)
        bring(session, "email,name\nines@reader.example,From the file\n")
        ines(session).name = "Her own word"
    with database.writing() as session:
        assert undo(session, nobody, now=LATER).kept == 1
        assert ines(session).name == "Her own word"


def test_a_suppression_by_hand_outlives_the_import(database):
    with database.writing() as session:
        bring(session, STRICT)
        suppress(session, OMAR, pepper=PEPPER, now=LATER)
    with database.writing() as session:
        undo(session, nobody, now=LATER)
        assert is_suppressed(session, OMAR, pepper=PEPPER)
        assert not is_suppressed(session, INES, pepper=PEPPER)


def test_only_the_last_import_once_and_for_a_while(database):
    with database.writing() as session:
        with pytest.raises(NoImportToUndo):
            undo(session, nobody, now=NOW)
        bring(session, "email\none@r.example\n")
        bring(session, "email\ntwo@r.example\n")
        list(rehearse(session, open_table(io.BytesIO(b"email\nthree@r.example\n")), TERMS))
        assert undoable(session, now=NOW + MARKS_FOR) is None
        assert undo(session, nobody, now=LATER) == Undone(removed=1)
        with pytest.raises(NoImportToUndo):
            undo(session, nobody, now=LATER)
        assert [one.email for one in session.exec(select(Subscriber))] == ["one@r.example"]


def test_another_import_than_the_one_that_was_meant_is_left_alone(database):
    with database.writing() as session:
        bring(session, "email\none@r.example\n")
        with pytest.raises(NoImportToUndo):
            undo(session, nobody, now=LATER, ref="another")


def test_who_was_erased_since_is_not_brought_back_and_their_marks_are_gone(database):
    with database.writing() as session:
        make_subscriber(session, INES)
        bring(session, "email,name\nines@reader.example,Ines\n")
        erase(session, ines(session).public_id, now=NOW)
        assert session.exec(select(ImportMark)).all() == []
        with pytest.raises(NoImportToUndo):
            undo(session, nobody, now=LATER)


def test_marks_end_with_the_time_to_undo(database):
    with database.writing() as session:
        bring(session, "email\none@r.example\n")
        import_log.forget_old(session, NOW + MARKS_FOR - timedelta(seconds=1))
        assert undoable(session, now=LATER)
        import_log.forget_old(session, NOW + MARKS_FOR)
        assert undoable(session, now=LATER) is None
        assert len(session.exec(select(Import)).all()) == 1


def test_evidence_of_who_stays_is_whole(database):
    with database.writing() as session:
        bring(session, "email\none@r.example\n")
        [one] = session.exec(select(Subscriber)).all()
        undo(session, lambda *_: [one.number], now=LATER)
        assert len(consents_of(session, one)) == 1
