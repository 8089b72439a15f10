"""The page of preferences, opened by a link mailed on its own: what it says, and what its buttons do."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from newsletter import personal_data
from newsletter.content.catalogue.store import save
from newsletter.delivery import audience, claiming
from newsletter.delivery.free import Lease, Terms
from newsletter.delivery.models import Delivery
from newsletter.delivery.pacing import Line
from newsletter.service import Service
from newsletter.web.app import create_app
from schedules.windows import window_from
from subscribers.consent import ConsentEvent
from subscribers.models import Subscriber
from subscribers.profile import MOST_FOLLOWED
from subscribers.queries import consents_of
from subscribers.states import State
from subscribers.tokens import Purpose
from subscribers.unsubscribe import unsubscribe
from tests.factories import MONDAY, SEEN, add_subscribers, make_comparison, make_tool
from tests.newsletter.votes.leaving import begin_to_leave
from tests.newsletter.web.doors import without_tokens
from tests.snapshot import changed, snapshot

FOUR_WEEKS_ON = datetime(2026, 12, 21, tzinfo=UTC)


@pytest.fixture
def url(service: Service, reader: Subscriber) -> str:
    return manage(service, reader)


@pytest.fixture
def catalogue(service: Service) -> None:
    pairs = [
        (make_tool("alpha", category="voice"), make_tool("beta", category="Design")),
        (make_tool("alphabet", category="Music, Film & Sport"), make_tool("tau", category=None)),
        (make_tool("scribe-audio", name="Scribe"), make_tool("gamma")),
        (make_tool("scribe-video", name="scribe"), make_tool("delta")),
    ]
    with service.database.writing() as session:
        for pair in pairs:
            save(session, make_comparison(*pair), now=SEEN)


def manage(service: Service, reader: Subscriber) -> str:
    until = MONDAY + timedelta(hours=24)
    return f"/manage/{service.signer.sign(Purpose.MANAGE, reader.public_id, expires=until)}"


def stored(service: Service, reader: Subscriber) -> Subscriber:
    with service.database.reading() as session:
        return session.get_one(Subscriber, reader.id)


def put(service: Service, reader: Subscriber, **values: object) -> None:
    with service.database.writing() as session:
        row = session.get_one(Subscriber, reader.id)
        for name, value in values.items():
            setattr(row, name, value)


def erase(service: Service, reader: Subscriber) -> None:
    with service.database.writing() as session:
        personal_data.erase(session, reader.public_id, now=MONDAY)


def leave(service: Service, reader: Subscriber) -> None:
    with service.database.writing() as session:
        unsubscribe(session, reader.public_id, now=MONDAY, source="page")


def ticked(page: str) -> list[str]:
    """Give the values of all boxes and dots that are ticked."""
    return re.findall(r'<input type="(?:radio|checkbox)"[^>]* value="([^"]*)"[^>]* checked>', page)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "query", ["action=pause-4", "find=alpha", "cadence=monthly&action=letters", "timezone=X&%00"]
)
def test_opening_the_page_changes_nothing_whatever_its_address_says(
    service, client, url, catalogue, method, query
):
    before = snapshot(service.database)

    answer = client.request(method, f"{url}?{query}")

    assert answer.status_code == 200
    assert changed(before, snapshot(service.database)) == {}


def test_the_page_says_what_comes_when_and_masks_the_address(service, client, reader, url):
    put(service, reader, name="Ines")

    page = client.get(url).text

    assert "r…@example.org" in page
    assert "reader1@example.org" not in page
    assert "Ines" not in without_tokens(page)
    assert "Weekly Verdict once a week." in page
    assert "30 November 2026</span> at 09:00 (UTC)" in page
    assert ticked(page) == ["weekly"]


@pytest.mark.parametrize("cadence", ["weekly", "monthly"])
def test_a_rhythm_is_kept_and_said(service, client, reader, url, cadence):
    other = {"weekly": "monthly", "monthly": "weekly"}[cadence]
    client.post(url, data={"action": "letters", "cadence": other})

    page = client.post(url, data={"action": "letters", "cadence": cadence}).text

    found = stored(service, reader)
    assert (found.cadence, found.tailored) == (cadence, True)
    assert f"Saved: you get Weekly Verdict once a {cadence.removesuffix('ly')}." in page
    assert "<title>Saved · " in page
    assert ticked(page) == [cadence]


def test_another_rhythm_is_evidence_and_the_same_again_is_not(service, client, reader, url):
    for _ in range(2):
        client.post(url, data={"action": "letters", "cadence": "monthly"})

    with service.database.reading() as session:
        events = [entry.event for entry in consents_of(session, reader)]
    assert events.count(ConsentEvent.CHANGED) == 1


def test_the_monthly_letter_is_promised_for_the_first_issue_of_a_month(
    service, client, url, catalogue
):
    begin_to_leave(service)  # that of 30 November

    page = client.post(url, data={"action": "letters", "cadence": "monthly"}).text

    assert "7 December 2026</span> at 09:00 (UTC)" in page
    with service.database.writing() as session:
        save(session, make_comparison("new", "newer"), now=SEEN)
    begin_to_leave(service)  # that of 7 December
    assert "4 January 2027</span> at 09:00 (UTC)" in client.get(url).text


def test_topics_are_the_groups_that_the_catalogue_has(client, url, catalogue):
    page = client.get(url).text

    assert re.findall(r'name="topic" value="([^"]*)"', page) == [
        "Audio",
        "Design",
        "Developer Tools",
        "Music, Film &amp; Sport",
    ]


def test_without_comparisons_no_topics_are_offered(client, url):
    assert "Topics" not in client.get(url).text


def test_topics_are_kept_and_none_means_all(service, client, reader, url, catalogue):
    chosen = {"action": "letters", "cadence": "weekly", "topic": ["Music, Film & Sport", "Audio"]}

    page = client.post(url, data=chosen).text

    found = stored(service, reader)
    assert (found.topics, found.tailored) == (["Audio", "Music, Film & Sport"], True)
    assert "once a week, on Audio and Music, Film &amp; Sport." in page
    assert "if it has something on your topics" in page
    assert ticked(page) == ["weekly", "Audio", "Music, Film &amp; Sport"]

    client.post(url, data={"action": "letters", "cadence": "weekly"})
    assert stored(service, reader).topics == []


def test_a_chosen_topic_that_nothing_is_on_any_more_stays_listed(
    service, client, reader, url, catalogue
):
    put(service, reader, topics=["Nautical Charts"])

    page = client.get(url).text
    again = {"action": "letters", "cadence": "weekly", "topic": ["Nautical Charts", "Audio"]}
    answer = client.post(url, data=again)

    assert ticked(page) == ["weekly", "Nautical Charts"]
    assert answer.status_code == 200
    assert stored(service, reader).topics == ["Audio", "Nautical Charts"]


def test_a_topic_that_nobody_offered_is_refused_and_the_boxes_stay_as_they_were_ticked(
    service, client, reader, url, catalogue
):
    form = {"action": "letters", "cadence": "monthly", "topic": ["Audio", "Astrology"]}

    answer = client.post(url, data=form)

    assert answer.status_code == 422
    assert "no comparison is on one of these topics any more" in answer.text
    assert "<title>Not saved · " in answer.text
    assert ticked(answer.text) == ["monthly", "Audio"]
    assert (stored(service, reader).cadence, stored(service, reader).topics) == ("weekly", [])


def test_who_follows_nothing_is_told_to_follow_first_and_nothing_typed_is_lost(
    service, client, reader, url, catalogue
):
    form = {"action": "letters", "cadence": "followed", "topic": ["Design"]}

    answer = client.post(url, data=form)

    assert answer.status_code == 422
    assert "Nothing was changed: follow a tool first" in answer.text
    assert ticked(answer.text) == ["followed", "Design"]
    assert stored(service, reader).cadence == "weekly"


@pytest.mark.parametrize("cadence", [None, "", "hourly"])
def test_a_rhythm_that_is_none_is_said_so(service, client, reader, url, cadence):
    form = {"action": "letters"} if cadence is None else {"action": "letters", "cadence": cadence}

    answer = client.post(url, data=form)

    assert answer.status_code == 422
    assert "choose how often letters shall come" in answer.text
    assert stored(service, reader).cadence == "weekly"


def test_tools_are_found_by_a_part_of_their_name_and_finding_follows_none(
    service, client, reader, url, catalogue
):
    page = client.get(f"{url}?find=ALPHA").text

    assert re.findall(r'aria-label="(Follow [^"]*)"', page) == ["Follow Alpha", "Follow Alphabet"]
    assert 'value="ALPHA"' in page
    assert stored(service, reader).follows == []


def test_what_was_looked_for_is_shown_as_text(client, url, catalogue):
    page = client.get(url, params={"find": '"><script>alert(1)</script>'}).text

    assert "<script>alert" not in page
    assert "No tool in our comparisons has “&#34;&gt;&lt;script" in page


def test_of_many_tools_the_first_are_shown_and_the_rest_counted(service, client, url):
    with service.database.writing() as session:
        for number in range(13):
            pair = make_comparison(f"tool-{number}", f"toolbox-{number}")
            save(session, pair, now=SEEN)

    page = client.get(f"{url}?find=tool").text

    assert page.count('aria-label="Follow ') == 20
    assert "And 6 more" in page


def test_a_tool_is_followed_and_unfollowed(service, client, reader, url, catalogue):
    for _ in range(2):
        page = client.post(f"{url}?find=alpha", data={"action": "follow", "tool": "alpha"}).text

    assert stored(service, reader).follows == ["alpha"]
    assert not stored(service, reader).tailored
    assert "Saved: you follow Alpha." in page
    assert 'aria-label="Follow Alphabet"' in page  # what was found stays in sight
    assert 'aria-label="Follow Alpha"' not in page

    for _ in range(2):
        page = client.post(url, data={"action": "unfollow", "tool": "alpha"}).text
    assert stored(service, reader).follows == []
    assert "Saved: you follow Alpha no longer." in page


def test_tools_of_one_name_are_followed_as_one(service, client, reader, url, catalogue):
    put(service, reader, follows=["scribe-audio", "scribe-video"])

    page = client.get(f"{url}?find=scribe").text
    assert page.count('aria-label="Unfollow Scribe"') == 1
    assert 'aria-label="Follow Scribe"' not in page

    client.post(url, data={"action": "unfollow", "tool": "scribe-video"})
    assert stored(service, reader).follows == []

    client.post(url, data={"action": "follow", "tool": "scribe-video"})
    assert stored(service, reader).follows == ["scribe-audio"]


def test_letters_only_about_followed_tools(service, client, reader, url, catalogue):
    client.post(url, data={"action": "follow", "tool": "alpha"})

    page = client.post(url, data={"action": "letters", "cadence": "followed"}).text

    assert stored(service, reader).cadence == "followed"
    assert "Saved: you get Weekly Verdict in weeks with a tool you follow" in page
    assert "At the earliest" in page


def test_the_last_tool_is_not_taken_from_letters_that_wait_for_it(
    service, client, reader, url, catalogue
):
    put(service, reader, cadence="followed", follows=["alpha"], topics=["Audio"])

    answer = client.post(url, data={"action": "unfollow", "tool": "alpha"})

    assert answer.status_code == 422
    assert "this is the last tool you follow" in answer.text
    assert ticked(answer.text) == ["followed", "Audio"]
    assert stored(service, reader).follows == ["alpha"]


def test_a_followed_tool_that_is_gone_from_the_catalogue_can_be_let_go(
    service, client, reader, url
):
    put(service, reader, follows=["long-gone"])

    assert 'aria-label="Unfollow long-gone"' in client.get(url).text
    client.post(url, data={"action": "unfollow", "tool": "long-gone"})
    assert stored(service, reader).follows == []


@pytest.mark.parametrize("action", ["follow", "unfollow"])
@pytest.mark.parametrize("tool", [{}, {"tool": "unheard-of"}])
def test_a_tool_that_nobody_knows_is_said_so(service, client, reader, url, action, tool):
    answer = client.post(url, data={"action": action, **tool})

    assert answer.status_code == 422
    assert "this tool is in none of our comparisons any more" in answer.text
    assert "unheard-of" not in answer.text
    assert stored(service, reader).follows == []


def test_nobody_follows_more_tools_than_fit(service, client, reader, url, catalogue):
    put(service, reader, follows=[f"tool-{number}" for number in range(MOST_FOLLOWED)])

    answer = client.post(url, data={"action": "follow", "tool": "alpha"})

    assert answer.status_code == 422
    assert "that is more than fits" in answer.text


@pytest.mark.parametrize(("action", "weeks"), [("pause-4", 4), ("pause-8", 8)])
def test_a_break_of_some_weeks_ends_by_itself(service, client, reader, url, action, weeks):
    for _ in range(2):
        page = client.post(url, data={"action": action}).text

    found = stored(service, reader)
    assert found.state is State.PAUSED
    assert found.paused_until == FOUR_WEEKS_ON + timedelta(weeks=weeks - 4)
    assert "Saved: no letter until " in page


def test_the_page_of_somebody_who_rests_says_until_when_and_what_comes_then(client, url):
    client.post(url, data={"action": "pause-until", "until": "2026-12-24"})

    page = client.get(url).text

    assert re.search(r"Nothing until .*24 December 2026</span>, then Weekly Verdict once a", page)
    assert "28 December 2026</span> at 09:00" in page
    assert "Send me letters again" in page


@pytest.mark.parametrize(
    ("own", "begins"),
    [
        (None, datetime(2026, 12, 23, 11, tzinfo=UTC)),
        ("America/Lima", datetime(2026, 12, 24, 5, tzinfo=UTC)),
    ],
)
def test_a_day_begins_where_the_reader_is_else_where_the_newsletter_is(
    service, reader, own, begins
):
    put(service, reader, timezone=own)
    window = window_from("mon 09:00", "Pacific/Auckland", timedelta(hours=6))
    client = TestClient(create_app(replace(service, window=window)))

    client.post(manage(service, reader), data={"action": "pause-until", "until": "2026-12-24"})

    assert stored(service, reader).paused_until == begins


@pytest.mark.parametrize(
    "until",
    [
        "",
        "soon",
        "2026-11-23",
        "2020-01-01",
        "2028-01-01",
        "9999-12-31",
        "0001-01-01",
        "2026-02-30",
    ],
)
def test_a_day_that_cannot_end_a_break_is_said_so_kept_in_sight_and_changes_nothing(
    service, client, reader, url, until
):
    answer = client.post(url, data={"action": "pause-until", "until": until})

    assert answer.status_code == 422
    assert "choose a day after today and within a year" in answer.text
    assert f'value="{until}" aria-invalid="true"' in answer.text
    assert stored(service, reader).state is State.ACTIVE


def test_the_first_and_the_last_day_that_are_offered_are_taken(client, url):
    offered = re.search(r'min="(.+?)" max="(.+?)"', client.get(url).text)
    assert offered

    for day in offered.groups():
        answer = client.post(url, data={"action": "pause-until", "until": day})
        assert answer.status_code == 200


def test_who_resumes_gets_letters_again(service, client, reader, url):
    client.post(url, data={"action": "pause-8"})

    for _ in range(2):
        page = client.post(url, data={"action": "resume"}).text

    assert stored(service, reader).state is State.ACTIVE
    assert "Saved: letters come again." in page


def test_a_break_skips_the_letter_that_is_queued_already(service, client, reader, url, catalogue):
    number = begin_to_leave(service)
    with service.database.writing() as session:
        assert audience.freeze(session, number, batch_size=10, now=MONDAY) == 1

    client.post(url, data={"action": "pause-4"})

    lease = Lease("test", "attempt", MONDAY, timedelta(minutes=1))
    with service.database.writing() as session:
        claimed = claiming.claim(
            session, lease, Terms(Line("memory")), now=MONDAY, issue_number=number
        )
    assert isinstance(claimed, claiming.Claim)
    assert claimed.recipients == ()
    with service.database.reading() as session:
        delivery = session.get_one(Delivery, (number, reader.id))
        assert (delivery.state, delivery.reason) == ("skipped", "paused")


def test_a_time_zone_and_a_language_are_kept_and_the_page_speaks_so(service, client, reader, url):
    form = {"action": "times", "timezone": "Asia/Kathmandu", "language": "de"}

    page = client.post(url, data=form).text

    found = stored(service, reader)
    assert (found.timezone, found.locale) == ("Asia/Kathmandu", "de")
    assert "Saved: letters come at 09:00 in Asia/Kathmandu, with dates in Deutsch." in page
    assert '<span lang="de">Montag, 30. November 2026</span> at 09:00 (Asia/Kathmandu)' in page
    assert '<option value="Asia/Kathmandu" selected>' in page
    assert '<option value="de" lang="de" selected>' in page

    page = client.post(url, data={"action": "times", "timezone": "", "language": "en"}).text
    assert stored(service, reader).timezone is None
    assert "Saved: letters come at 09:00 newsletter time (UTC), with dates in English." in page


def test_a_zone_that_is_not_offered_is_shown_all_the_same(client, url):
    page = client.post(url, data={"action": "times", "timezone": "Etc/GMT+5"}).text

    assert "<option selected>Etc/GMT+5</option>" in page


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"timezone": "Europe/Atlantis", "language": "de"}, "there is no such time zone"),
        ({"timezone": "Asia/Seoul", "language": "tlh"}, "dates are not written in this language"),
    ],
)
def test_of_where_somebody_is_nothing_is_kept_unless_all_makes_sense(
    service, client, reader, url, form, sentence
):
    answer = client.post(url, data={"action": "times", **form})

    assert answer.status_code == 422
    assert sentence in answer.text
    picked = re.findall(r'<option value="([^"]+)"[^>]* selected>', answer.text)
    assert picked == [value for value in form.values() if value not in ("Europe/Atlantis", "tlh")]
    assert (stored(service, reader).timezone, stored(service, reader).locale) == (None, "")


@pytest.mark.parametrize(
    "body", [{}, {"action": ""}, {"action": "erase"}, {"action": "mail"}, {"until": "2026-12-24"}]
)
def test_a_form_of_somebody_elses_making_changes_nothing(service, client, url, body):
    before = snapshot(service.database)

    answer = client.post(url, data=body)

    assert answer.status_code == 422
    assert changed(before, snapshot(service.database)) == {}


BUTTONS = [
    {"action": "letters", "cadence": "monthly", "topic": "Audio"},
    {"action": "follow", "tool": "alpha"},
    {"action": "pause-4"},
    {"action": "times", "timezone": "Asia/Seoul", "language": "ko"},
]


@pytest.mark.parametrize("form", BUTTONS, ids=lambda form: form["action"])
def test_a_button_changes_its_readers_row_and_nobody_elses(
    service, client, reader, url, catalogue, form
):
    with service.database.writing() as session:
        other = add_subscribers(session, 2)[1]
    before = stored(service, other)

    assert client.post(url, data=form).status_code == 200

    assert stored(service, other) == before
    assert stored(service, reader) != reader


@pytest.mark.parametrize("go", [leave, erase])
def test_who_is_gone_reads_a_kind_page_and_changes_nothing(
    service, client, reader, url, catalogue, go
):
    go(service, reader)
    before = stored(service, reader)

    asked = client.get(url)
    acted = [client.post(url, data=form) for form in [*BUTTONS, {"action": "resume"}]]

    assert asked.status_code == 200
    assert {answer.status_code for answer in acted} == {409}
    assert "You are not subscribed" in asked.text
    assert stored(service, reader) == before


def test_the_way_out_is_a_link_that_works(service, client, reader, url):
    found = re.search(r"/unsubscribe/[\w-]+", client.get(url).text)
    assert found

    assert client.post(found[0]).status_code == 200
    assert stored(service, reader).state is State.UNSUBSCRIBED
