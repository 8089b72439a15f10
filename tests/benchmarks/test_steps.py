"""The benchmarks measure what they say: all ways come to the same letter, every step works."""

from operator import itemgetter

import orjson
import pytest

from benchmarks import building, filling
from benchmarks.catalogue import stocked_service
from benchmarks.postmark_transport import _ByTemplate, _InFull
from newsletter.delivery.transports.postmark_handover import prepare
from newsletter.issues import frozen


@pytest.fixture
def wired(tmp_path):
    service = stocked_service(tmp_path, 9)
    try:
        yield service
    finally:
        service.close()


def test_every_step_of_a_build_can_be_taken_alone_and_again(wired):
    for step in (*building.steps(wired), *building.steps(wired)):
        step.prepare()
        step.act()

    assert len(frozen.view(wired.desk.issue()).cards) == 8


def test_all_ways_of_filling_give_the_same_letter(wired):
    desk = wired.desk
    issue = desk.build(desk.slots.next(), actor="test")
    mailing = desk.dispatch.sender.letterhead.mailing(issue)
    one = filling._message(desk, issue, 1)
    copy, fill, raw, encoded, filled_and_encoded = filling.ours(mailing, one)

    letter = filling._filled(mailing, one)

    assert fill.copy(one) == letter
    assert filling.replacing(issue).copy(one) == letter
    assert filling.rendering(issue).copy(one) == letter
    assert copy.copy(one) == tuple(f"{part} " for part in letter)
    assert raw.copy(one) == encoded.copy(one) == filled_and_encoded.copy(one)
    assert raw.copy(one) == tuple(part.encode() for part in letter)


@pytest.mark.parametrize("handover", ["template", "batch"])
def test_the_floor_writes_the_messages_that_the_product_writes(wired, handover):
    desk = wired.desk
    issue = desk.build(desk.slots.next(), actor="test")
    mailing, one = desk.dispatch.sender.letterhead.mailing(issue), filling._message(desk, issue, 1)
    prepared = prepare(mailing, handover, "broadcast")
    [call] = prepared.calls([one])
    written = orjson.loads(b"".join(prepared.body(call)))

    plainly = (_ByTemplate if handover == "template" else _InFull)(mailing)(one)

    [ours] = written["Messages"] if handover == "template" else written
    assert _in_any_order(plainly) == _in_any_order(ours)


def _in_any_order(message):
    return {**message, "Headers": sorted(message["Headers"], key=itemgetter("Name"))}
