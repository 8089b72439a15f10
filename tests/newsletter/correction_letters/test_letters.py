"""The letter about a correction reaches exactly those who got the wrong line, each of them once."""

import json
from collections import Counter
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from newsletter import personal_data
from newsletter.content.catalogue.store import save
from newsletter.correction_letters import ordering
from newsletter.correction_letters.audience import Audience, audience
from newsletter.correction_letters.ordering import NobodyToTell, StillLeaving
from newsletter.correction_letters.sending import send_corrections
from newsletter.correction_letters.writing import mailing_about
from newsletter.corrections import store
from newsletter.corrections.store import Erratum, NoSuchCorrection
from newsletter.database import Database
from newsletter.delivery.guards import Guards
from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.models import Delivery
from newsletter.delivery.pacing import Line
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.editions.letters import letter
from newsletter.editions.models import Edition
from newsletter.feedback.inbox import named
from newsletter.issues import frozen
from newsletter.issues.models import Issue
from newsletter.issues.seen import ChangedMeanwhile
from newsletter.issues.states import IssueState
from newsletter.notices.letters import LetterKind
from newsletter.notices.rows import NoticeRow, write_to
from newsletter.notices.sending import LEASE
from newsletter.rendering.checks import check
from newsletter.rendering.dates import long_date
from newsletter.rendering.views import IssueView
from subscribers import queries, unsubscribe, wishes
from subscribers.address import Address
from subscribers.models import Subscriber
from subscribers.wishes import Wishes
from tests.factories import MONDAY, SEEN, add_subscribers, make_comparison, make_tool
from tests.newsletter.away import Away
from tests.newsletter.corrections.correcting import BY, correct, entry_price, let_leave
from tests.newsletter.editions.weeks import leave, reader, week
from tests.newsletter.rendering.samples import BRAND, MARKS

NOT_TAKEN = Receipt(Outcome.NOT_TAKEN, code="450", about_recipient=True)
BUSY = Receipt(Outcome.NOT_TAKEN, code="429")
TAKEN = Receipt(Outcome.ACCEPTED)


class Small(MemoryTransport):
    """Takes two at a time."""

    most = 2


class Dies(Small):
    """Takes a batch and is gone before it can say so."""

    def send(self, mailing, messages, **options):
        super().send(mailing, messages, **options)
        raise ZeroDivisionError


def order(service, correction=None):
    """Publish a correction if there is none, and tell everybody who got the line."""
    with service.database.writing() as session:
        correction = correction or correct(session)
        goes = audience(session, correction, now=MONDAY).goes
        ordering.tell_those_who_got_it(session, correction.row_id, expected=goes, now=MONDAY)
    return correction


def send(service, transport, later=timedelta(0), **chosen):
    now = {"clock": lambda: MONDAY + later, "timer": lambda: MONDAY + later}
    sender = replace(service.dispatch.sender, transport=transport, **{**now, **chosen})
    return send_corrections(sender)


def states(service):
    with service.database.reading() as session:
        rows = session.exec(select(NoticeRow.state).where(NoticeRow.kind == "correction"))
        return dict(Counter(rows))


def to(transport):
    return sorted(message.to for _, message in transport.asked)


def readers(*numbers):
    return [f"reader{number}@example.org" for number in numbers]


def who(session, number):
    reader = queries.by_address(session, Address.parse(f"reader{number}@example.org"))
    assert reader is not None
    return reader


def change_copies(service, number, **values):
    with service.database.writing() as session:
        reader = who(session, number)
        session.execute(
            update(Delivery).where(col(Delivery.subscriber_id) == reader.id).values(values)
        )


def leaves(service, number):
    with service.database.writing() as session:
        reader = who(session, number)
        unsubscribe.unsubscribe(session, reader.public_id, now=MONDAY, source="test")


def test_it_goes_to_those_who_got_it_and_are_there_and_the_count_says_so_before(service):
    let_leave(service, readers=7)
    leaves(service, 1)
    change_copies(service, 2, feedback="bounced")
    change_copies(service, 3, state="rejected")
    change_copies(service, 4, state="unknown", attempt_id="lost")
    change_copies(service, 5, state="held", reason="deferred-450", attempt_id="refused")
    with service.database.writing() as session:
        before = audience(session, correct(session), now=MONDAY)
    transport = MemoryTransport()
    with service.database.reading() as session:
        correction = store.of_issues(session, [1])[1][0]

    order(service, correction)

    assert send(service, transport) == 3
    assert to(transport) == readers(4, 6, 7)
    assert (before, before.goes) == (Audience(had=5, told=0, bounced=1, away=1), 3)


def test_pressed_twice_or_for_other_people_than_were_shown_nobody_gets_a_second_one(service):
    let_leave(service)
    correction, transport = order(service), MemoryTransport()

    with service.database.writing() as session:
        counted = audience(session, correction, now=MONDAY)
        with pytest.raises(NobodyToTell):
            ordering.tell_those_who_got_it(session, correction.row_id, expected=0, now=MONDAY)
    send(service, transport)
    send(service, transport)
    with service.database.writing() as session:
        other = correct(session, entry_price(session.get_one(Issue, 1), place=1))
        with pytest.raises(ChangedMeanwhile):
            ordering.tell_those_who_got_it(session, other.row_id, expected=4, now=MONDAY)

    assert counted == Audience(had=3, told=3, bounced=0, away=0)
    assert to(transport) == readers(1, 2, 3)


def test_whoever_gets_the_line_later_is_told_later(service):
    let_leave(service)
    change_copies(service, 3, state="queued")
    correction, transport = order(service), MemoryTransport()
    change_copies(service, 3, state="accepted")

    order(service, correction)
    send(service, transport)

    assert to(transport) == readers(1, 2, 3)


def test_while_the_issue_leaves_nobody_is_told(service):
    let_leave(service)
    with service.database.writing() as session:
        session.get_one(Issue, 1).state = IssueState.SENDING.value
    with pytest.raises(StillLeaving):
        order(service)


def test_a_process_that_dies_with_a_batch_in_hand_leaves_doubt_and_no_second_letter(service):
    let_leave(service, readers=5)
    order(service)
    died, then = Dies(), Small()

    with pytest.raises(ZeroDivisionError):
        send(service, died)
    send(service, then)
    in_hand = states(service)
    send(service, then, later=LEASE + timedelta(seconds=1))

    assert sorted(to(died) + to(then)) == readers(1, 2, 3, 4, 5)
    assert in_hand == {"sending": 2, "accepted": 3}
    assert states(service) == {"unknown": 2, "accepted": 3}


def test_letters_that_could_not_be_written_leave_later(service, monkeypatch):
    let_leave(service, readers=3)
    order(service)
    writing = "newsletter.correction_letters.sending.mailing_about"

    def cannot_be_written(*_):
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(writing, cannot_be_written)
        with pytest.raises(ZeroDivisionError):
            send(service, MemoryTransport())
    assert states(service) == {"queued": 3}

    transport = MemoryTransport()
    send(service, transport, later=timedelta(minutes=1))
    assert to(transport) == readers(1, 2, 3)
    assert states(service) == {"accepted": 3}


def test_what_was_not_taken_leaves_later_and_a_lost_answer_does_not(service):
    let_leave(service)
    order(service)
    answers = {readers(1)[0]: NOT_TAKEN, readers(2)[0]: Receipt(Outcome.UNKNOWN, code="lost")}
    first = MemoryTransport(lambda message: answers.get(message.to, Receipt(Outcome.ACCEPTED)))
    second = MemoryTransport()

    assert send(service, first) == 1
    assert send(service, second) == 0
    assert send(service, second, later=timedelta(hours=1)) == 1
    assert to(second) == readers(1)
    assert states(service) == {"accepted": 2, "unknown": 1}


def test_no_answer_is_lost_to_a_database_that_is_started_again(service):
    let_leave(service)
    order(service)
    away = Away(service.database)

    class Answers(MemoryTransport):
        def send(self, mailing, messages, **options):
            away.seconds = 500
            return [NOT_TAKEN, TAKEN, TAKEN]

    with closing(away):
        assert send(service, Answers(), database=away) == 2

    assert states(service) == {"accepted": 2, "queued": 1}


def test_what_others_sent_while_a_lost_word_was_waited_for_is_not_sent_again(service):
    let_leave(service)
    order(service)
    others, third = MemoryTransport(), MemoryTransport()

    class Wordless(Database):
        loses = False

        @contextmanager
        def writing(self):
            with super().writing() as session:
                yield session
            if self.loses:  # it was committed, and nobody is told
                self.loses = False
                raise OperationalError("COMMIT", None, ConnectionResetError())

    def meanwhile(_pause):
        return send(service, others, later=timedelta(minutes=1)) < 0

    url = service.database.engine.url.render_as_string(hide_password=False)

    class Refuses(MemoryTransport):
        def send(self, mailing, messages, **options):
            wordless.loses = True
            return [NOT_TAKEN] * len(messages)

    with closing(Wordless(url, meanwhile)) as wordless:
        send(service, Refuses(), database=wordless)
    send(service, third, later=timedelta(hours=1))

    assert (to(others), to(third)) == (readers(1, 2, 3), [])
    assert states(service) == {"accepted": 3}


def test_a_line_that_is_down_is_not_tried_with_every_batch(service):
    let_leave(service, readers=5)
    order(service)
    down = Small(lambda _message: NOT_TAKEN)

    send(service, down)

    assert len(down.asked) == 2


@pytest.mark.parametrize("per_second", [None, 100.0])
def test_they_wait_where_the_provider_asked_for_patience(service, per_second):
    let_leave(service)
    order(service)
    guards = Guards(per_second=per_second)
    with service.database.writing() as session:
        Line("memory", per_second).close(session, MONDAY, timedelta(minutes=8))
    early, later = MemoryTransport(), MemoryTransport()

    send(service, early, later=timedelta(minutes=7), guards=guards)
    send(service, later, later=timedelta(minutes=8), guards=guards)

    assert early.asked == []
    assert to(later) == readers(1, 2, 3)


@pytest.mark.parametrize(("refusal", "closes"), [(BUSY, True), (NOT_TAKEN, False)])
def test_who_is_asked_for_patience_closes_the_line_and_odd_mailboxes_do_not(
    service, refusal, closes
):
    let_leave(service)
    order(service)
    first = MemoryTransport(
        lambda message: refusal if closes or message.to in readers(1, 2) else TAKEN
    )
    send(service, first)
    send(service, MemoryTransport(lambda _message: refusal), later=timedelta(minutes=1))

    with service.database.reading() as session:
        free_at = Line("memory").free_at(session)
    assert (free_at is not None) == closes
    assert free_at is None or free_at > MONDAY + timedelta(minutes=1)


def test_a_schedule_run_as_of_a_later_hour_gives_up_nothing_that_is_in_flight(service):
    let_leave(service)
    order(service)
    in_flight = []

    class Slow(MemoryTransport):
        def send(self, mailing, messages, **options):
            send(service, MemoryTransport(), clock=lambda: MONDAY + timedelta(days=7))
            in_flight.append(states(service))
            return super().send(mailing, messages, **options)

    assert send(service, Slow()) == 3
    assert in_flight == [{"sending": 3}]


def test_whoever_leaves_after_the_order_gets_nothing(service):
    let_leave(service)
    order(service)
    leaves(service, 2)
    with service.database.writing() as session:
        gone = who(session, 3)
        personal_data.erase(session, gone.public_id, now=MONDAY)
    transport = MemoryTransport()

    send(service, transport)

    assert to(transport) == readers(1)
    assert states(service) == {"accepted": 1, "skipped": 1}


@pytest.mark.parametrize("word", [store.amend, store.withdraw])
def test_what_was_amended_or_withdrawn_before_it_left_does_not_leave(service, word):
    let_leave(service)
    correction, transport = order(service), MemoryTransport()
    with service.database.writing() as session:
        word(session, correction.row_id, "Something else", BY)
        with pytest.raises(NoSuchCorrection):
            ordering.tell_those_who_got_it(session, correction.row_id, expected=3, now=MONDAY)

    assert send(service, transport) == 0
    assert states(service) == {"skipped": 3}


def test_letters_of_other_kinds_are_not_kept_waiting_and_a_passive_host_sends_none(service):
    let_leave(service)
    correction = order(service)
    with service.database.writing() as session:
        public_id = session.exec(select(Subscriber.public_id)).first()
        write_to(session, public_id, LetterKind.MANAGE, key="k", now=MONDAY)
    transport = MemoryTransport()
    sender = replace(service.dispatch.sender, transport=transport)
    mailroom = replace(service.mailroom, sender=sender)

    passive = replace(mailroom, sender=replace(sender, may_send=lambda: "a copy"))
    assert passive.send_letters() == 0
    assert mailroom.send_letters() == 4
    assert [mailing.key for mailing, _ in transport.sent] == [
        "manage",
        *[f"correction-{correction.row_id}"] * 3,
    ]


def test_the_letter_is_a_newsletters_with_its_ways_out_and_names_nobodys_issue(service):
    let_leave(service, readers=1)
    order(service)
    transport = MemoryTransport()
    send(service, transport)

    [(mailing, message)] = transport.sent
    headers = {name: value.fill(message.values) for name, value in mailing.headers}
    assert mailing.html is not None
    text, html = mailing.text.fill(message.values), mailing.html.fill_html(message.values)
    out = f"/unsubscribe/{message.values['unsubscribe']}"
    assert mailing.stream == "broadcast"
    assert out in headers["List-Unsubscribe"]
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for part in (text, html):
        assert out in part
        assert "Free" in part
        assert "Right is: Paid" in part
        assert "/archive/1#c-left-" in part
    assert max(map(len, text.splitlines())) <= 100
    with service.database.reading() as session:
        assert (
            named(message.delivery_id).letter
            == session.exec(select(NoticeRow.public_id).where(NoticeRow.kind == "correction")).one()
        )


def test_readers_of_editions_are_told_of_what_was_in_theirs(service):
    with service.database.writing() as session:
        for name, category in (("violin", "Audio"), ("robot", "Developer Tools")):
            tools = make_tool(name, category=category), make_tool(f"{name}-2", category=category)
            save(session, make_comparison(*tools), now=SEEN)
        add_subscribers(session, 3, pepper=service.pepper)
        audio = who(session, 3)
        wish = Wishes("weekly", topics=frozenset({"Audio"}))
        wishes.choose(session, audio.public_id, wish, now=MONDAY, source="test")
    service.desk.build(service.desk.slots.next(), actor="test")
    service.desk.send(1, actor="test")
    with service.database.writing() as session:
        issue = session.get_one(Issue, 1)
        view = frozen.view(issue)
        ids = {row.tool_a.name: row.entry_id for row in view.match_ups}
        wrong = [Erratum("Free", "Paid", ids[name], name) for name in ("Violin", "Robot")]
        wrong += [Erratum("Robot", "Robots", ids["Robot"]), Erratum(view.subject, "Another")]
        made = [correct(session, one) for one in wrong]
        goes = [audience(session, one, now=MONDAY).goes for one in made]

    assert goes == [3, 2, 2, 2]
    order(service, made[1])
    transport = MemoryTransport()
    send(service, transport)
    assert to(transport) == readers(1, 2)


def test_a_later_edition_that_repeats_the_line_counts_unless_it_told_of_it_itself(database):
    with database.writing() as session:
        [one, two] = [reader(session, name, Wishes("monthly")) for name in ("one", "two")]
        leave(session, week(session, 1))
        wrong = week(session, 2)
        leave(session, wrong)
        december = week(session, 6)
        got = {who: given.edition or 0 for who, given in leave(session, december).items()}
        said = entry_price(wrong)
        before = letter(session, december, got[one])
        after = letter_after_correction(session, wrong, said, december, got[two])
        [standing] = store.standings(store.of_issues(session, [2])[2])
        told = audience(session, standing.now, now=MONDAY)
        kept = session.get_one(Edition, (december.number, got[two] + 1))
        marks = {**MARKS, "date": long_date(december.local_date)}
        view = IssueView.from_json(json.loads(kept.content))
        faults = check(after, view, marks=marks, brand=BRAND)

    assert [found for found in faults if found.level != "note"] == []
    assert "Correction" not in before.text
    assert "Right is: Paid" in " ".join(after.text.split())
    assert "Right is: Paid" in after.html
    assert (told.had, told.goes) == (1, 1)


@pytest.mark.parametrize("came_back", [1, 2])
def test_whoever_got_the_line_in_two_letters_is_one_reader_and_told_once(database, came_back):
    with database.writing() as session:
        one = reader(session, "one", Wishes("monthly"))
        leave(session, week(session, 1))
        wrong = week(session, 2)
        leave(session, wrong)
        december = week(session, 6)
        edition = leave(session, december)[one].edition
        letter(session, december, edition or 0)
        wrong.html = f'id="{frozen.view(wrong).match_ups[0].anchor}"'
        copies = update(Delivery).where(col(Delivery.issue_number) >= wrong.number)
        session.execute(copies.values(state="accepted", reason=None))
        correction = store.publish(session, wrong, entry_price(wrong), BY)
        before = audience(session, correction, now=MONDAY)
        bounces = [wrong.number, december.number][:came_back]
        bounced = col(Delivery.issue_number).in_(bounces)
        session.execute(copies.where(bounced).values(feedback="bounced"))
        after = audience(session, correction, now=MONDAY)

    assert before == Audience(had=1, told=0, bounced=0, away=0)
    assert after == Audience(had=1, told=0, bounced=came_back - 1, away=0)


def letter_after_correction(session, wrong, said, december, number):
    """Correct an earlier issue, and render an edition only then; it is one of its own."""
    store.publish(session, wrong, said, BY)
    first = session.get_one(Edition, (december.number, number))
    own = Edition(
        issue_number=december.number, number=number + 1, kind="catch-up",
        items=first.items, items_key=first.items_key,
    )  # fmt: skip
    session.add(own)
    session.execute(
        update(Delivery)
        .where(col(Delivery.issue_number) == december.number)
        .where(
            col(Delivery.subscriber_id)
            == select(Subscriber.id).order_by(col(Subscriber.id).desc()).limit(1).scalar_subquery()
        )
        .values(edition=own.number)
    )
    return letter(session, december, own.number)


def test_a_mailing_says_how_many_letters_it_has_while_they_are_few(service):
    let_leave(service, readers=4)
    with service.database.writing() as session:
        correction = correct(session)
        ordering.tell_those_who_got_it(session, correction.row_id, expected=4, now=MONDAY)
        rows = select(NoticeRow).where(NoticeRow.corrects == correction.row_id)
        session.exec(rows).all()[0].state = "skipped"
    many = [
        NoticeRow(
            key="k", recipient=str(number), public_id=f"{number:016x}", kind="correction",
            subject="", text="", corrects=correction.row_id, state="accepted", created_at=MONDAY,
        )
        for number in range(1_000)
    ]  # fmt: skip

    assert copies_told(service, correction) == 3
    with service.database.writing() as session:
        session.add_all(many)
    assert copies_told(service, correction) is None


def copies_told(service, correction):
    with service.database.reading() as session:
        standing = store.standing_one(session, correction.row_id)
        return mailing_about(service.dispatch.sender.letterhead, session, standing).copies
