import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest

from newsletter.rendering.checks import check
from newsletter.rendering.letter import archive_page, digest_mjml, personal_marks, render
from newsletter.rendering.mjml import to_html
from newsletter.rendering.rendered import HTML_BUDGET
from newsletter.rendering.views import IssueView
from subscribers.keys import KeyRing
from subscribers.tokens import Purpose, Signer
from tests.factories import SECRET
from tests.newsletter.rendering.samples import BRAND, MARKS, NONCE, Said, item, many, tool, view

HOSTILE = {
    "angle brackets": "<script>alert(1)</script> </mj-text> <!--[if mso]>",
    "ampersands": "Q&A &amp; R&D &#x3c; &bogus;",
    "quotes": "\"double\" 'single' “curly” `tick` ]]>",
    "right to left": "\u202eevil\u202c עברית العربية",
    "emoji": "👩\u200d💻🚀 ⏭️",
    "template syntax": "{{ email }} {% if x %} {{{ pm:unsubscribe }}} {# no #} ${{ x }}",
    "short template syntax": "{{x}}",
    "marks": "@@email@@ @@k3x9:unsubscribe@@ @@@@",
    "invisible": "a\u200bb\ufeffc\u2060d\u00ade\x00f\x1bg",
    "long": "N" * 400,
    "long with blanks": "Name of" + " a thing" * 50,
    "format codes": "100% %s %(x)d \\1 \\n \\",
}


def personalised(issue: IssueView) -> tuple[str, str]:
    letter = render(issue, NONCE)
    return letter.marked_html().fill_html(MARKS), letter.marked_text().fill(MARKS)


def visible(html: str) -> str:
    tags = re.compile(r"<!--.*?-->|<style.*?</style>|<[^>]+>", re.DOTALL)
    return " ".join(unescape(tags.sub(" ", html)).split())


def test_both_parts_show_the_subscribers_own_ways_and_address() -> None:
    html, text = personalised(view())

    for address in ("unsubscribe/s-7Hq2LmPz9TtKx4", "manage/p-3Vb8NcRw5YyDf6"):
        assert f'href="https://letters.example.org/{address}"' in html
        assert f"\nhttps://letters.example.org/{address}\n" in text
    assert "reader@example.org" in html
    assert "\nreader@example.org\n" in text


def test_each_card_asks_for_a_vote_in_both_parts() -> None:
    issue = view()
    html, text = personalised(issue)

    for place in range(1, len(issue.cards) + 1):
        for side in ("a", "b"):
            address = f"https://letters.example.org/vote/v-9Gk4JhSx2QqWe1?{side}={place}"
            assert html.count(f'"{address}"') == 1
            assert text.splitlines().count(address) == 1


def test_a_match_up_cut_to_a_line_takes_no_place_from_those_before_it() -> None:
    whole, cut = view(many(20)), view(many(20)).with_cards(6)

    assert [cut.place_of(card) for card in cut.cards] == [1, 2, 3, 4, 5, 6]
    assert [row.title for row in cut.match_ups] == [row.title for row in whole.match_ups]


def test_every_vote_link_fits_a_line_of_mail() -> None:
    token = Signer(KeyRing.of(SECRET)).sign(Purpose.VOTE, "AAAAAAAAAAAA", issue=65535)
    issue = view(many(20), base_url="https://news.example.com")

    text = render(issue, NONCE).marked_text().fill({**MARKS, "vote": token})

    links = [line for line in text.splitlines() if "/vote/" in line]
    assert len(links) >= 12
    assert max(map(len, links)) <= 76


def test_a_vote_button_names_the_other_tool_to_those_who_do_not_see_it() -> None:
    html, text = personalised(view())

    assert 'aria-label="I\'d ship Quillcode over Patchwork IDE"' in html
    assert 'aria-label="I\'d ship Patchwork IDE over Quillcode"' in html
    assert "\nI'd ship Quillcode:\nhttps://" in text


def test_a_button_is_announced_with_the_name_as_it_is_written() -> None:
    name = "👩\u200d💻 Rocket \\ “Sons”"

    html, _ = personalised(view([item(tool("ant", name), tool("bee", "Bee"))]))

    assert f'aria-label="I\'d ship {name} over Bee"' in unescape(html)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Notary: Meeting Minutes & Follow-ups", "I'd ship Notary"),
        ("N" * 400, "I'd ship the left one"),
        ("Name of" + " a thing" * 50, "I'd ship the left one"),
    ],
)
def test_a_vote_button_stays_short_and_cuts_no_name(name: str, said: str) -> None:
    html, text = personalised(view([item(tool("ant", name), tool("bee", "Bee"))]))

    assert f"<b>{said}</b>" in html
    assert f"\n{said}:\n" in text


def test_an_older_issue_has_no_brief_names_and_buttons_all_the_same() -> None:
    stored = view().as_json()
    for card in stored["cards"]:
        for side in ("tool_a", "tool_b"):
            del card[side]["brief"]

    html, _ = personalised(IssueView.from_json(stored))

    assert "<b>I'd ship Quillcode</b>" in html


def test_an_editors_own_words_stand_without_quotation_marks_and_without_a_number() -> None:
    issue = view()
    first, *others = issue.cards
    quote = replace(first.quotes[0], by="editor", text="Ask for the plan first.", reviewer=0)
    html, text = personalised(replace(issue, cards=(replace(first, quotes=(quote,)), *others)))

    assert "For Quillcode · Editor's note Ask for the plan first." in visible(html)
    assert "  For Quillcode, editor's note:\n    Ask for the plan first.\n" in text


def test_the_same_view_gives_the_same_bytes() -> None:
    stored = IssueView.from_json(view().as_json())

    assert render(stored, NONCE) == render(view(), NONCE)


UNSEEN = [
    *"\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2064",
    *"\u2066\u2067\u2068\u2069\u206f\ufeff\U000e0041\x00\x1b\x9b",
]


@pytest.mark.parametrize("sign", UNSEEN, ids=lambda sign: f"U+{ord(sign):04X}")
def test_no_sign_that_nobody_sees_reaches_the_inbox(sign: str) -> None:
    def spoilt(word: str) -> str:
        return f"{sign}{word[:2]}{sign}{word[2:]}{sign}"

    def issue_of(said: Callable[[str], str]) -> IssueView:
        a = tool("ant", said("Antler"), 100, tagline=said("Small"), category=said("Garden"))
        b = tool("bee", said("Beeline"), 50, entry=said("Free"))
        words = said("It never let me down.")
        quoted = [Said("a", "for", 1, words), Said("a", "for", 2, words, in_case=True)]
        return view([item(a, b, said("Antler leads."), *quoted)])

    letter, clean_letter = render(issue_of(spoilt), NONCE), render(issue_of(str), NONCE)

    assert letter == clean_letter


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_words_are_only_words(words: str) -> None:
    a = tool("ant", words, 100, tagline=words, category=words, entry=words)
    quoted = [Said("a", "for", 1, words), Said("a", "for", 2, words, in_case=True)]
    issue = view([item(a, tool("bee", f"{words} B", 50), words, *quoted)])
    letter = render(issue, NONCE)

    findings = check(letter, issue, marks=MARKS, brand=BRAND)

    assert findings == []
    assert set(letter.marked_html().names) == set(MARKS)
    assert set(letter.marked_text().names) == set(MARKS) - {"language"}


def test_a_hostile_name_is_shown_unchanged() -> None:
    name = "Fish & <Chips> {{ x }} @@email@@"

    letter = render(view([item(tool("ant", name), tool("bee", "Bee"))]), NONCE)

    assert (
        "Fish &amp; &lt;Chips&gt; &#123;&#123; x &#125;&#125; &#64;&#64;email&#64;&#64;"
        in letter.html
    )
    assert "Fish & <Chips> { { x } } @ @email@ @ vs Bee" in letter.text


@pytest.mark.parametrize("count", [1, 6, 8, 20])
def test_both_parts_tell_the_same_of_each_match_up(count: int) -> None:
    html, text = personalised(view(many(count)))
    shown, written = visible(html), " ".join(text.split())

    for card in view(many(count)).cards:
        assert (card.numbers in shown) == (card.numbers in written)
        assert html.count(f'"{card.url}"') == text.split().count(card.url) == 1
        for quote in card.quotes:
            assert (quote.text in shown) == (quote.text in written)


def test_text_keeps_to_72_columns_but_for_addresses() -> None:
    _, text = personalised(view(many(20)))

    assert [line for line in text.splitlines() if len(line) > 72 and "https://" not in line] == []


def test_text_has_the_signature_mark_before_the_footer() -> None:
    _, text = personalised(view())

    before, after = text.split("\n-- \n")
    assert "Quillcode" in before
    assert "Unsubscribe:" in after


LONGEST = {
    "unsubscribe": "u" * 39,
    "preferences": "p" * 44,
    "vote": "v" * 39,
    "email": f"{'&' * 64}@{'d' * 189}",
    "date": "понеділок, 30 листопада 2026 року",
    "language": "en-US",
}


@pytest.mark.parametrize("count", [1, 8, 10, 20, 40])
def test_no_letter_exceeds_the_budget_whoever_gets_it(count: int) -> None:
    html = render(view(many(count)), NONCE).marked_html().fill_html(LONGEST)

    assert len(html.encode()) <= HTML_BUDGET


@pytest.mark.parametrize("count", [9, 11, 12, 20, 30])
def test_one_card_more_would_exceed_the_budget(count: int) -> None:
    issue = view(many(count))
    kept = render(issue, NONCE).html.count('<th scope="col"') // 2

    one_more = to_html(digest_mjml(issue.with_cards(kept + 1), personal_marks(NONCE)), template="")

    room_for_marks = 512 + 96 + 48 * one_more.count(f"@@{NONCE}:")
    assert len(one_more.encode()) + room_for_marks > HTML_BUDGET


def test_eight_full_cards_have_room() -> None:
    html, _ = personalised(view(many(8)))

    assert html.count('<th scope="col"') == 16


def test_beyond_the_budget_the_last_cards_become_rows() -> None:
    html, text = personalised(view(many(20)))
    cards = html.count('<th scope="col"') // 2

    assert 6 <= cards < 20
    assert f"And {20 - cards} more" in html
    assert f"\nAnd {20 - cards} more\n" in text


def test_what_is_missing_is_said_in_words() -> None:
    html, text = personalised(view())

    for part in (visible(html), text):
        assert "No votes yet" in part
        assert "No panel verdict yet" in part
        assert "Not stated" in part
        assert "None" not in part


def test_a_tie_prefers_nobody() -> None:
    letter = render(view([item(tool("ant", "Ant"), tool("bee", "Bee"))]), NONCE)

    assert "font-weight:bold" not in letter.html
    assert "tie" in letter.html


def test_a_row_of_a_tie_says_so() -> None:
    tie = view([item(tool("ant", "Ant"), tool("bee", "Bee"))]).with_cards(0)

    assert "A tie at 75%" in render(tie, NONCE).text


@pytest.mark.parametrize(
    ("panels", "told"),
    [
        ((None, 25), "No panel verdict yet on Ant; 25% would ship Bee"),
        ((0, None), "No panel verdict yet on Bee; 0% would ship Ant"),
        ((None, None), "No panel verdict yet"),
    ],
)
def test_a_row_with_one_panel_tells_its_share_and_nothing_stops_the_letter(
    panels: tuple[int | None, int | None], told: str
) -> None:
    a, b = panels
    issue = view([item(tool("ant", "Ant", a), tool("bee", "Bee", b))]).with_cards(0)
    letter = render(issue, NONCE)

    findings = check(letter, issue, marks=MARKS, brand=BRAND)

    assert f"\n{told}\n" in letter.text
    assert told in visible(letter.html)
    assert [one for one in findings if one.level == "block"] == []


def test_zero_percent_is_a_number_and_an_empty_bar() -> None:
    letter = render(view([item(tool("ant", "Ant", 0), tool("bee", "Bee", 25))]), NONCE)

    assert "0% Skip" in visible(letter.html)
    assert 'width="0%"' not in letter.html


def test_a_neutral_quote_is_no_argument() -> None:
    _, text = personalised(view())

    assert "On Notary: Meeting Minutes & Follow-ups, reviewer 1 of 4:" in text


def test_a_cut_quote_shows_that_it_goes_on() -> None:
    html, text = personalised(view())

    assert "“Two agents rewrote one function twice in a morning …”" in html
    assert "“Two agents rewrote one function twice in a morning …”" in text


def test_the_archive_page_holds_nothing_personal_and_every_card() -> None:
    page = archive_page(view(many(20)))

    assert "@@" not in page
    for personal in ("/unsubscribe", "/manage", "/vote", "I'd ship"):
        assert personal not in page
    assert page.count('<th scope="col"') == 40
    assert 'href="https://letters.example.org/archive"' in page


def test_the_archive_page_has_the_place_that_letters_link_to() -> None:
    issue = view(site_url=None)

    page = archive_page(issue)

    assert all(f'id="{card.anchor}"' in page for card in issue.cards)
    assert "#c-" not in page


def test_the_archive_page_tells_the_same_as_the_letter() -> None:
    issue = view()
    letter, page = visible(render(issue, NONCE).html), visible(archive_page(issue))

    for card in issue.cards:
        assert card.numbers in letter
        assert card.numbers in page


def test_every_postal_line_is_in_both_parts() -> None:
    html, text = personalised(view())

    for line in BRAND.postal_address.splitlines():
        assert line in html
        assert line in text


def test_a_brand_is_escaped_too() -> None:
    html, _ = personalised(replace(view(), brand=replace(BRAND, name="Ship & <Skip>")))

    assert "Ship &amp; &lt;Skip&gt;" in html
    assert "<Skip>" not in html
