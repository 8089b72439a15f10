"""Every page of the editors there is, on a desk and on a phone, before axe and the ruler."""

from datetime import timedelta

import pytest
from sqlmodel import select

from newsletter.editors import mailboxes
from newsletter.editors.acts import COMMAND
from newsletter.editors.roles import Role
from newsletter.issues.models import IssueItem
from newsletter.web.guard import is_editors
from subscribers.address import Address
from tests.factories import add_subscribers, store_comparisons
from tests.journeys.test_editor_sees_monday import MONDAY, SCREENS, browsing, on_sqlite
from tests.journeys.world import World, world
from tests.newsletter.editors.people import secret_for
from tests.newsletter.web.routes import doors

NO_PAGES = ("/challenge", "/raw", "/events", "/shown", "/{token}", "/{correction_id}")
"""What a browser fetches for a page, and what has a journey of its own."""


@pytest.fixture
def here(database, tmp_path):
    """One issue that has left, and the draft of the next one."""
    with world(database, tmp_path, base_url="http://localhost") as made:
        made.now = MONDAY
        with database.writing() as session:
            store_comparisons(session, 4, now=MONDAY - timedelta(days=2))
            add_subscribers(session, 3, now=MONDAY, pepper=made.service.pepper)
            mailboxes.add(session, Address.parse("box@desk.example"), actor=COMMAND, now=MONDAY)
        desk = made.service.desk
        desk.send(desk.build(desk.slots.next(), actor="test").number, actor="test")
        made.now = MONDAY + timedelta(days=4)
        with database.writing() as session:
            store_comparisons(session, 8, now=made.now - timedelta(days=1))
        desk.build(desk.slots.next(), actor="test")
        yield made


def pages(here: World, number: str) -> list[str]:
    """Give the addresses of all pages, with one of the two issues in those of an issue."""
    with here.service.database.reading() as session:
        item = session.exec(select(IssueItem).where(IssueItem.issue_number == 2)).first()
    assert item is not None
    known = {"public_id": here.reader("reader1@example.org").public_id, "word": "hold"}
    found = {
        door.filled(number=number, comparison_id=str(item.comparison_id), **known)
        for door in doors("GET")
        if is_editors(door.template) and not door.template.endswith(NO_PAGES)
    }
    return sorted(found)


@on_sqlite
@pytest.mark.parametrize(("width", "scheme", "script"), SCREENS)
def test_nothing_is_wrong_with_any_page(here, width, scheme, script):
    """The desk looks at the issue that has left, the phone at the draft."""
    addresses, looked_at = pages(here, "1" if script else "2"), 0
    with browsing(here, width, scheme, script=script) as editor:
        secret = secret_for(here.service, Role.OWNER, now=here.now)
        editor.opened.context.add_cookies([{"name": "editor", "value": secret, "url": editor.site}])
        for address in addresses:
            answer = editor.opened.goto(editor.site + address)
            assert answer is not None
            assert answer.status in (200, 404), address  # some are for one of the two issues only
            if answer.status == 200:
                editor.at(address.replace("/", "-"))
                looked_at += 1

    assert editor.wrong == {}
    assert looked_at > 20
