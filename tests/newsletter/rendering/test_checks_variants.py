"""What else trips a rule, what does not although it looks like it, and with which level."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from newsletter.content.verdicts.verdict import Verdict
from newsletter.rendering.checks import Finding
from newsletter.rendering.personal import mark
from newsletter.rendering.views import Card
from tests.newsletter.rendering.samples import BRAND, MARKS, NONCE, Said, item, many, tool, view
from tests.newsletter.rendering.test_checks import HEADERS, Good, _noted


@pytest.fixture(scope="module")
def good() -> Good:
    return Good.of(view())


def levels(findings: list[Finding]) -> set[tuple[str, str]]:
    return {(finding.code, finding.level) for finding in findings}


def reworded(good: Good, numbers: str) -> Good:
    return good.with_first_card(lambda card: replace(card, reworded=("verdict",), numbers=numbers))


def test_an_editors_claim_against_the_numbers_holds_and_a_machines_blocks(good: Good) -> None:
    claim = "The panel leans towards Patchwork IDE."
    machine = good.with_first_card(lambda card: replace(card, numbers=claim))

    assert levels(machine.findings()) == {("verdict-contradicts-words", "block")}
    assert levels(reworded(good, claim).findings()) == {("verdict-contradicts-words", "hold")}


def test_a_preference_where_there_is_a_tie_is_seen() -> None:
    tie = view([item(tool("ant", "Ant"), tool("bee", "Bee"), "The panel favours Ant.")])

    assert Good.of(tie).codes() == {"verdict-contradicts-words"}


def test_an_intro_that_praises_the_tool_behind_holds(good: Good) -> None:
    issue = replace(good.view, intro=("Murmur wins the week.",))

    assert levels(Good.of(issue).findings()) == {("verdict-contradicts-words", "hold")}


def test_an_intro_may_praise_a_tool_that_leads_elsewhere() -> None:
    items = [
        item(tool("ant", "Ant", 100), tool("bee", "Bee", 25)),
        item(tool("cat", "Cat", 100), tool("ant", "Ant", 75)),
    ]
    issue = replace(view(items), intro=("Ant is ahead.",))

    assert Good.of(issue).codes() == {"same-tool-twice"}


@pytest.mark.parametrize(
    "words",
    [
        "25% of the panel would ship Quillcode.",
        "The panel favours Quillcode, and 100% would ship Patchwork IDE.",
        "1 of 4 reviewers would ship Quillcode.",
        "The panel favours Quillcode with 33 percent.",
    ],
)
def test_a_number_of_the_other_tool_is_foreign_whoever_wrote_it(good: Good, words: str) -> None:
    assert ("foreign-number", "block") in levels(reworded(good, words).findings())


def test_a_percentage_inside_a_quotation_or_an_entry_word_is_not_ours() -> None:
    said = Said("a", "for", 1, "it halved my bill by 51%", in_case=True)
    a = tool("ant", "Ant 80% Faster", 100, entry="40% off")
    numbers = "The panel favours Ant 80% Faster; entry is listed as 40% off."

    assert Good.of(view([item(a, tool("bee", "Bee", 50), numbers, said)])).codes() == set()


@pytest.mark.parametrize(
    ("words", "trips"),
    [
        ("For Patchwork IDE you have to pay.", True),
        ("Patchwork IDE has no free tier, no free plan.", True),
        ("Patchwork IDE is never free.", True),
        ("Entry is listed as paid for Patchwork IDE.", False),
        ("You must pay attention to the merge.", False),
    ],
)
def test_paid_is_never_turned_into_a_duty(good: Good, words: str, trips: bool) -> None:
    assert ("paid-overstated" in good.with_first_card(
        lambda card: replace(card, numbers=words)).codes()) == trips  # fmt: skip


def test_an_editors_note_is_no_fault(good: Good) -> None:
    assert good.with_first_card(_noted).codes() == set()


def test_an_editors_note_with_a_reviewers_number_is_one(good: Good) -> None:
    def numbered(card: Card) -> Card:
        noted = _noted(card)
        return replace(noted, quotes=(replace(noted.quotes[0], reviewer=2), *noted.quotes[1:]))

    assert good.with_first_card(numbered).codes() == {"editor-words-quoted"}


def test_a_quotation_under_another_reviewers_number_is_not_quoted(good: Good) -> None:
    def renumbered(card: Card) -> Card:
        assert card.case
        return replace(card, case=card.case.replace("(reviewer 3)", "(reviewer 4)"))

    assert good.with_first_card(renumbered).codes() == {"case-not-quoted"}


def test_a_quotation_in_an_editors_first_sentence_holds(good: Good) -> None:
    quoting = reworded(good, "One reviewer: “perfect, buy it”.")

    assert levels(quoting.findings()) == {("case-not-quoted", "hold")}


def test_a_verdict_word_that_contradicts_its_number_is_seen(good: Good) -> None:
    broken = good.with_first_card(
        lambda card: replace(card, tool_b=replace(card.tool_b, verdict=Verdict.SHIP))
    )

    assert broken.codes() == {"verdict-contradicts-numbers"}


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda good: good.with_html("Past issues<", "<% x %><"), "template-syntax"),
        (lambda good: good.with_both("View in browser", "[[browser]]"), "template-syntax"),
        (lambda good: good.with_both("View in browser", "*|ARCHIVE|*"), "template-syntax"),
        (lambda good: good.with_both("View in browser", "%recipient.name%"), "template-syntax"),
        (lambda good: good.with_headers(From="{{ sender }}"), "template-syntax"),
        (lambda good: good.with_headers(Reply_To="%%reply%%"), "template-syntax"),
        (lambda good: good.with_text("View in browser", "<mj-text>"), "mjml-left-over"),
        (lambda good: good.with_html("<h1", "<mjml></mjml><h1"), "mjml-left-over"),
        (lambda good: good.with_headers(List_Id=mark(NONCE, "phone")), "mark-unknown"),
        (lambda good: good.with_headers(List_Post=f"@@{NONCE}"), "mark-left-over"),
        (lambda good: good.with_html("Past issues", "@@old9:email@@"), "mark-left-over"),
        (lambda good: good.with_text("No votes yet", "null"), "nothing-in-words"),
        (lambda good: good.with_headers(Reply_To="None"), "nothing-in-words"),
    ],
    ids=map(str, range(13)),
)
def test_left_overs_are_seen_wherever_they_stand(
    good: Good, spoil: Callable[[Good], Good], code: str
) -> None:
    assert code in spoil(good).codes()


def test_a_mark_in_the_subject_is_seen(good: Good) -> None:
    broken = replace(good, rendered=replace(good.rendered, subject=mark(NONCE, "email")))

    assert "mark-left-over" in broken.codes()


@pytest.mark.parametrize("name", ["None", "null", "Here", "[[deploy]]", "<% erb %>", "<mj-text>"])
def test_a_tool_may_be_called_so(name: str) -> None:
    issue = view([item(tool("ant", name, 100), tool("bee", "Bee", 50, tagline=name))])

    assert Good.of(issue).codes() == set()


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("List_Unsubscribe", f"<{BRAND.base_url}/unsubscribe/somebody-else>"),
        ("List_Unsubscribe", "<mailto:leave@letters.example.org>"),
        ("List_Unsubscribe", f"<mailto:in+t@letters.example.org>, {HEADERS['List-Unsubscribe']}"),
        ("List_Unsubscribe_Post", "yes"),
    ],
)
def test_one_click_leads_to_the_subscribers_own_way_out(
    good: Good, header: str, value: str
) -> None:
    assert good.with_headers(**{header: value}).codes() == {"one-click-missing"}


def test_an_address_to_write_to_may_stand_behind_the_link(good: Good) -> None:
    both = f"{HEADERS['List-Unsubscribe']}, <mailto:in+token@mail.example?subject=unsubscribe>"

    assert good.with_headers(List_Unsubscribe=both).codes() == set()


def test_the_preferences_link_is_the_subscribers_own(good: Good) -> None:
    other = good.with_html(mark(NONCE, "preferences"), "of-somebody-else")

    assert "preferences-missing" in other.codes()


def test_a_vote_for_another_comparison_is_no_vote(good: Good) -> None:
    assert good.with_text("?a=1\n", "?a=999\n").codes() == {"vote-missing"}


def test_rows_need_no_votes() -> None:
    assert Good.of(view(many(20))).codes() == set()


def test_the_longest_address_counts_toward_the_size(good: Good) -> None:
    weight = len(good.rendered.html.encode())
    just_under = good.with_html("</body>", f"<!--{'x' * (100 * 1024 - weight - 60)}--></body>")

    assert just_under.codes() == {"size-over-limit"}


@pytest.mark.parametrize("part", ["html", "text"])
def test_shares_that_changed_sides_are_seen(good: Good, part: str) -> None:
    signs = (
        ("100%</span> Ship", "50%</span> Mixed") if part == "html" else ("100% Ship", "50% Mixed")
    )
    spoil = good.with_html if part == "html" else good.with_text

    swapped = spoil(signs[0], "\0")
    for old, new in ((signs[1], signs[0]), ("\0", signs[1])):
        swapped = (swapped.with_html if part == "html" else swapped.with_text)(old, new)

    assert swapped.codes() == {"words-missing", "table-wrong"}


@pytest.mark.parametrize(
    ("phrase", "instead"),
    [
        ("Free", "Fee"),
        ("81%", "No votes yet"),
        ("It asks before it touches a file", "It never asks"),
        ("6 match-ups, 4 decided", "Six match-ups"),
        ("The panel favours Quillcode", "The panel likes Quillcode"),
    ],
)
def test_whatever_one_part_leaves_out_is_seen(good: Good, phrase: str, instead: str) -> None:
    assert "words-missing" in good.with_text(phrase, instead).codes()


def test_the_result_of_a_row_is_compared_too() -> None:
    good = Good.of(view(many(20)))
    last = good.view.cards[-1].title
    at = good.rendered.text.rindex(last)
    head, tail = good.rendered.text[:at], good.rendered.text[at:].replace("75%", "95%", 1)
    broken = replace(good, rendered=replace(good.rendered, text=head + tail))

    assert broken.codes() == {"percentage-unknown"}


def test_zero_percent_that_the_page_has_is_a_number() -> None:
    assert Good.of(view([item(tool("ant", "Ant", 0), tool("bee", "Bee", 25))])).codes() == set()


@pytest.mark.parametrize(
    ("href", "code"),
    [
        ("mailto:editors@letters.example.org", None),
        (f"#{view().cards[0].anchor}", None),
        ("#nowhere", "link-leads-nowhere"),
        ("#", "link-leads-nowhere"),
        ("", "link-leads-nowhere"),
        ("/archive", "link-leads-nowhere"),
        ("https://", "link-leads-nowhere"),
        ("ftp://letters.example.org/a", "link-leads-nowhere"),
        ("mailto:", "link-leads-nowhere"),
    ],
)
def test_a_link_has_a_destination(good: Good, href: str, code: str | None) -> None:
    linked = good.with_html(
        ">Past issues</a>", f'>Past issues</a><a href="{href}" style="color:#595d65">Letter</a>'
    )

    assert linked.codes() == ({code} if code else set())


@pytest.mark.parametrize(
    "words", ["here", "Click here", "Read more →", "More", "this", "Learn more…", "link"]
)
def test_words_that_say_nothing_are_known(good: Good, words: str) -> None:
    assert good.with_html(">Past issues<", f">{words}<").codes() == {"link-says-nothing"}


def test_a_picture_can_be_a_links_words(good: Good) -> None:
    pictured = '><img alt="Past issues" src="cid:past"><'

    assert good.with_html(">Past issues<", pictured).codes() == set()


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        ("TK", "subject-unfinished"),
        ("[Test] Six verdicts", "subject-unfinished"),
        ("Lorem ipsum", "subject-unfinished"),
        ("XXX vs YYY, the verdict", "subject-unfinished"),
        ("Quillcode vs Patchwork…", "subject-cuts-name"),
        ("Quillcode and Patchwork", None),
        ("Quillcode vs Patchwork IDE", None),
        ("AI: six verdicts", None),
        ("The best test tools, judged", "subject-unfinished"),
        ("Latest verdicts, attested", None),
    ],
)
def test_subjects(good: Good, subject: str, code: str | None) -> None:
    assert good.with_subject(subject).codes() == ({code} if code else set())


def test_a_shouting_tool_does_not_make_a_shouting_subject() -> None:
    issue = view([item(tool("ant", "ANTLER", 100), tool("bee", "BEE 2 🐝", 50))])

    assert Good.of(issue).codes() == set()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<html lang="en"', '<html lang="und"'),
        ('<html lang="en" dir="ltr"', '<html lang="en" dir="auto"'),
        ('<body lang="en" dir="ltr"', '<body lang="en"'),
    ],
)
def test_language_and_direction_stand_on_both(good: Good, old: str, new: str) -> None:
    assert good.with_html(old, new).codes() == {"language-missing"}


def test_a_heading_in_an_inner_table_is_not_the_outers(good: Good) -> None:
    nested = "<table><tr><td><table><tr><th>A</th></tr></table></td></tr></table><h1"

    assert good.with_html("<h1", nested).codes() == {"table-without-role"}


def test_marks_are_those_that_the_samples_fill() -> None:
    assert set(MARKS) == {"unsubscribe", "preferences", "vote", "email", "date", "language"}
